"""Is v1 still what its first release promised?"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import proto_compat
import pytest
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
    ServiceDescriptorProto,
)

from storycluster import errors
from storycluster.v1 import (
    admin_service_pb2,
    article_service_pb2,
    difference_service_pb2,
    error_reason_pb2,
    feed_service_pb2,
    ingest_service_pb2,
    resources_pb2,
    server_info_service_pb2,
    story_service_pb2,
)

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "proto" / "golden" / "v1.binpb"
BUF = Path(sys.executable).parent / "buf"
MODULES = (
    admin_service_pb2,
    article_service_pb2,
    difference_service_pb2,
    error_reason_pb2,
    feed_service_pb2,
    ingest_service_pb2,
    resources_pb2,
    server_info_service_pb2,
    story_service_pb2,
)


def golden() -> FileDescriptorSet:
    return FileDescriptorSet.FromString(GOLDEN.read_bytes())


def present() -> FileDescriptorSet:
    """The descriptors inside the generated code."""
    found = FileDescriptorSet()
    for module in MODULES:
        file = FileDescriptorProto.FromString(module.DESCRIPTOR.serialized_pb)
        found.file.append(file)
    return found


def file_of(descriptors: FileDescriptorSet, name: str) -> FileDescriptorProto:
    return next(one for one in descriptors.file if one.name == f"storycluster/v1/{name}.proto")


def message_of(descriptors: FileDescriptorSet, name: str) -> DescriptorProto:
    file = file_of(descriptors, "resources")
    return next(one for one in file.message_type if one.name == name)


def field_of(descriptors: FileDescriptorSet, message: str, name: str) -> FieldDescriptorProto:
    return next(one for one in message_of(descriptors, message).field if one.name == name)


def enum_of(descriptors: FileDescriptorSet, name: str) -> EnumDescriptorProto:
    file = file_of(descriptors, "resources")
    return next(one for one in file.enum_type if one.name == name)


def service_of(descriptors: FileDescriptorSet) -> ServiceDescriptorProto:
    return file_of(descriptors, "story_service").service[0]


def remove_field(new: FileDescriptorSet) -> None:
    fields = message_of(new, "Article").field
    fields.remove(field_of(new, "Article", "title"))


def remove_message(new: FileDescriptorSet) -> None:
    file_of(new, "resources").message_type.remove(message_of(new, "Aligned"))


def remove_nested_message(new: FileDescriptorSet) -> None:
    messages = file_of(new, "ingest_service").message_type
    request = next(one for one in messages if one.name == "StreamIngestArticlesRequest")
    del request.nested_type[0]


def remove_value(new: FileDescriptorSet) -> None:
    del enum_of(new, "EventKind").value[2]


def rename_value(new: FileDescriptorSet) -> None:
    enum_of(new, "EventKind").value[2].name = "EVENT_KIND_OTHER"


def remove_enum(new: FileDescriptorSet) -> None:
    file_of(new, "resources").enum_type.remove(enum_of(new, "Provenance"))


def remove_method(new: FileDescriptorSet) -> None:
    del service_of(new).method[0]


def remove_service(new: FileDescriptorSet) -> None:
    del file_of(new, "story_service").service[0]


def remove_file(new: FileDescriptorSet) -> None:
    new.file.remove(file_of(new, "feed_service"))


def renumber(new: FileDescriptorSet) -> None:
    field_of(new, "Article", "title").number = 90


def retype(new: FileDescriptorSet) -> None:
    field_of(new, "Article", "title").type = FieldDescriptorProto.TYPE_BYTES


def retype_message(new: FileDescriptorSet) -> None:
    field_of(new, "Story", "canonical").type_name = ".storycluster.v1.Member"


def rename(new: FileDescriptorSet) -> None:
    field_of(new, "Article", "title").name = "headline"


def make_singular(new: FileDescriptorSet) -> None:
    field_of(new, "Article", "authors").label = FieldDescriptorProto.LABEL_OPTIONAL


def leave_oneof(new: FileDescriptorSet) -> None:
    field_of(new, "Assignment", "new_story").ClearField("oneof_index")


def change_output(new: FileDescriptorSet) -> None:
    service_of(new).method[0].output_type = ".storycluster.v1.Story"


def change_streaming(new: FileDescriptorSet) -> None:
    service_of(new).method[0].server_streaming = True


def move_file(new: FileDescriptorSet) -> None:
    file_of(new, "feed_service").name = "storycluster/v1/events_service.proto"


BREAKS = {
    remove_field: "field storycluster.v1.Article = 3 was removed",
    remove_message: "message storycluster.v1.Aligned was removed",
    remove_nested_message: "message storycluster.v1.StreamIngestArticlesRequest.Open was removed",
    remove_value: "value storycluster.v1.EventKind = 2 was removed",
    rename_value: "value storycluster.v1.EventKind = 2 changed",
    remove_enum: "enum storycluster.v1.Provenance was removed",
    remove_method: "method storycluster.v1.StoryService.GetStory was removed",
    remove_service: "service storycluster.v1.StoryService was removed",
    remove_file: "service storycluster.v1.FeedService was removed",
    renumber: "field storycluster.v1.Article = 3 was removed",
    retype: "field storycluster.v1.Article = 3 changed",
    retype_message: "field storycluster.v1.Story = 11 changed",
    rename: "field storycluster.v1.Article = 3 changed",
    make_singular: "field storycluster.v1.Article = 8 changed",
    leave_oneof: "field storycluster.v1.Assignment = 4 changed",
    change_output: "method storycluster.v1.StoryService.GetStory changed",
    change_streaming: "method storycluster.v1.StoryService.GetStory changed",
    move_file: "service storycluster.v1.FeedService changed",
}


def test_v1_only_grew() -> None:
    """Everything the frozen v1 has is in the present one, unchanged."""
    assert list(proto_compat.breaks(golden(), present())) == []


def test_golden_is_not_empty() -> None:
    """The frozen descriptor set holds every service, so that the comparison compares something."""
    services = [name for name in proto_compat.surface(golden()) if name.startswith("service ")]
    assert len(services) >= 7


@pytest.mark.parametrize("mutate", BREAKS, ids=lambda one: one.__name__)
def test_each_break_is_caught(mutate: Callable[[FileDescriptorSet], None]) -> None:
    """The checker names every kind of break."""
    changed = golden()
    mutate(changed)
    found = list(proto_compat.breaks(golden(), changed))
    assert any(line.startswith(BREAKS[mutate]) for line in found), found


def test_additions_are_no_break() -> None:
    """New fields, oneof cases, enum values, messages, methods and files pass."""
    grown = golden()
    article = message_of(grown, "Article")
    article.field.add(name="embargo", number=90, type=FieldDescriptorProto.TYPE_STRING, label=1)
    case = message_of(grown, "Assignment").field.add()
    case.CopyFrom(field_of(grown, "Assignment", "new_story"))
    case.name, case.number = "unchanged", 91
    enum_of(grown, "EventKind").value.add(name="EVENT_KIND_OTHER", number=90)
    file_of(grown, "resources").message_type.add(name="Fact")
    service_of(grown).method.add(name="SearchStories", input_type=".a", output_type=".b")
    grown.file.add(name="storycluster/v1/new.proto", package="storycluster.v1")
    assert list(proto_compat.breaks(golden(), grown)) == []


def every_error(kind: type[errors.StoryClusterError]) -> set[type[errors.StoryClusterError]]:
    return {kind}.union(*(every_error(child) for child in kind.__subclasses__()))


def test_error_reasons_are_one_set() -> None:
    """The ErrorReason enum holds exactly the reasons of the error classes."""
    ours = {kind.reason for kind in every_error(errors.StoryClusterError)}
    names = set(error_reason_pb2.ErrorReason.keys()) - {"ERROR_REASON_UNSPECIFIED"}
    assert {name.removeprefix("ERROR_REASON_") for name in names} == ours


def buf(*arguments: str | Path, cwd: Path = ROOT) -> tuple[int, str]:
    """(exit status, all output) of buf."""
    command = [BUF, *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def buf_breaking(root: Path, *, image: Path) -> tuple[int, str]:
    """buf's comparison of the proto files under `root` with the frozen ones.

    Goes by an image, because buf compares a workspace of two modules only with another of two.
    """
    assert buf("build", "--output", image, cwd=root) == (0, "")
    return buf("breaking", image, "--config", "buf.yaml", "--against", GOLDEN, cwd=root)


@pytest.mark.skipif(not BUF.exists(), reason="buf is not installed (buf-bin)")
def test_buf_finds_no_lint() -> None:
    """buf's standard rules hold, and everything in the proto files is commented."""
    assert buf("lint") == (0, "")


@pytest.mark.skipif(not BUF.exists(), reason="buf is not installed (buf-bin)")
def test_buf_finds_no_break(tmp_path: Path) -> None:
    """buf finds the present proto files compatible with the frozen ones."""
    assert buf_breaking(ROOT, image=tmp_path / "now.binpb") == (0, "")


@pytest.mark.skipif(not BUF.exists(), reason="buf is not installed (buf-bin)")
def test_buf_catches_a_break(tmp_path: Path) -> None:
    """buf refuses a renumbered field, so its silence above means something."""
    shutil.copytree(ROOT / "proto", tmp_path / "proto")
    shutil.copy(ROOT / "buf.yaml", tmp_path)
    changed = tmp_path / "proto" / "storycluster" / "v1" / "feed_service.proto"
    changed.write_text(changed.read_text().replace("after_sequence = 2", "after_sequence = 9"))
    status, told = buf_breaking(tmp_path, image=tmp_path / "now.binpb")
    assert status != 0
    assert "after_sequence" in told
