"""What only leads over to a quote tells nothing by itself."""

from __future__ import annotations

import pytest

from storycluster.difference.leads import leads_over


@pytest.mark.parametrize(
    ("text", "names", "leads"),
    [
        ("Novak fired back minutes later.", {"novak"}, True),
        ("White House Press Secretary Ann Novak responded", {"ann", "novak"}, True),
        ("The latest poll showed:", set[str](), True),
        ("Novak said the bridge would stay closed.", {"novak"}, False),
        ("Novak fired back 30 minutes later.", {"novak"}, False),
        ("“We will come back,” Novak said.", {"novak"}, False),
        ("The council approved the closure of the bridge and the road:", set[str](), False),
        ("Later that morning.", set[str](), False),
    ],
)
def test_a_lead_has_a_verb_of_saying_and_nothing_told(
    text: str, names: set[str], leads: bool
) -> None:
    """Names, titles, when and where are no news; a figure, a quote or any other word is."""
    assert leads_over(text, names) is leads
