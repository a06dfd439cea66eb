"""What does each noun look like on the wire?

The only builder and reader of messages: `X_to_message` and `X_from_message` for every noun, kinds
to numbers and back, errors to statuses and back. A builder raises InvalidInput with the field's
path for what protobuf cannot carry (a lone surrogate, a naive time). A reader raises InvalidInput
only for a time outside the years 1 to 9999; enum values and oneof cases of a newer peer never
raise, but for the kind of a constraint, which is asked for and not told.
"""

from __future__ import annotations

from storycluster.wire.articles import (
    article_from_message,
    article_to_message,
    articles_from_messages,
    assignment_from_message,
    assignment_to_message,
    match_from_message,
    match_to_message,
    stored_article_from_message,
    stored_article_to_message,
)
from storycluster.wire.auditing import (
    audit_entry_from_message,
    audit_entry_to_message,
    audit_filter_from_request,
    audit_filter_to_request,
)
from storycluster.wire.calls import abort_arguments, error_from_rpc
from storycluster.wire.collections import (
    collection_from_message,
    collection_settings_from_message,
    collection_settings_to_message,
    collection_to_message,
)
from storycluster.wire.differences import (
    comparison_from_message,
    comparison_to_message,
    difference_from_message,
    difference_to_message,
)
from storycluster.wire.editing import (
    constraint_kind_from_number,
    constraint_kind_to_number,
    event_kinds_from_numbers,
    event_kinds_to_numbers,
    override_from_message,
    override_to_message,
    tombstone_from_message,
    tombstone_to_message,
)
from storycluster.wire.embargo import held_article_from_message, held_article_to_message
from storycluster.wire.facts import story_facts_from_message, story_facts_to_message
from storycluster.wire.failures import error_from_status, status_from_error
from storycluster.wire.reclustering import (
    change_kind_from_number,
    change_kind_to_number,
    planned_change_from_message,
    planned_change_to_message,
    recluster_job_from_message,
    recluster_job_to_message,
    window_fields,
    window_of,
)
from storycluster.wire.results import (
    ingest_result_from_message,
    ingest_result_to_message,
    match_result_from_message,
    match_result_to_message,
)
from storycluster.wire.scalars import optional_time, time_from_message, time_to_message
from storycluster.wire.stories import (
    canonical_from_message,
    canonical_to_message,
    event_from_message,
    event_to_message,
    furniture_line_from_message,
    furniture_line_to_message,
    member_from_message,
    member_to_message,
    server_info_from_message,
    server_info_to_message,
    server_limits_to_message,
    similar_article_from_message,
    similar_article_to_message,
    story_from_message,
    story_hit_from_message,
    story_hit_to_message,
    story_to_message,
    story_view_from_message,
    story_view_to_message,
)

__all__ = [
    "abort_arguments",
    "article_from_message",
    "article_to_message",
    "articles_from_messages",
    "assignment_from_message",
    "assignment_to_message",
    "audit_entry_from_message",
    "audit_entry_to_message",
    "audit_filter_from_request",
    "audit_filter_to_request",
    "canonical_from_message",
    "canonical_to_message",
    "change_kind_from_number",
    "change_kind_to_number",
    "collection_from_message",
    "collection_settings_from_message",
    "collection_settings_to_message",
    "collection_to_message",
    "comparison_from_message",
    "comparison_to_message",
    "constraint_kind_from_number",
    "constraint_kind_to_number",
    "difference_from_message",
    "difference_to_message",
    "error_from_rpc",
    "error_from_status",
    "event_from_message",
    "event_kinds_from_numbers",
    "event_kinds_to_numbers",
    "event_to_message",
    "furniture_line_from_message",
    "furniture_line_to_message",
    "held_article_from_message",
    "held_article_to_message",
    "ingest_result_from_message",
    "ingest_result_to_message",
    "match_from_message",
    "match_result_from_message",
    "match_result_to_message",
    "match_to_message",
    "member_from_message",
    "member_to_message",
    "optional_time",
    "override_from_message",
    "override_to_message",
    "planned_change_from_message",
    "planned_change_to_message",
    "recluster_job_from_message",
    "recluster_job_to_message",
    "server_info_from_message",
    "server_info_to_message",
    "server_limits_to_message",
    "similar_article_from_message",
    "similar_article_to_message",
    "status_from_error",
    "stored_article_from_message",
    "stored_article_to_message",
    "story_facts_from_message",
    "story_facts_to_message",
    "story_from_message",
    "story_hit_from_message",
    "story_hit_to_message",
    "story_to_message",
    "story_view_from_message",
    "story_view_to_message",
    "time_from_message",
    "time_to_message",
    "tombstone_from_message",
    "tombstone_to_message",
    "window_fields",
    "window_of",
]
