"""What of a newer protocol breaks clients and servers of an older one?

Two descriptor sets are compared by full name: everything the older one has must still be there,
with the same number, name, type and file. Additions are no break.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorSet,
    MethodDescriptorProto,
)

PACKAGE = "storycluster.v1"

Shape = tuple[object, ...]


def surface(descriptors: FileDescriptorSet) -> Mapping[str, Shape]:
    """Full name -> shape, of every file, message, field, enum value and method of the package.

    A field and an enum value are named by their number, so that a renumbering is a removal.
    """
    found: dict[str, Shape] = {}
    for file in descriptors.file:
        if file.package != PACKAGE:
            continue
        for message in file.message_type:
            _add_message(found, message, scope=file.package, file=file.name)
        for enum in file.enum_type:
            _add_enum(found, enum, scope=file.package, file=file.name)
        for service in file.service:
            name = f"{file.package}.{service.name}"
            found[f"service {name}"] = (file.name,)
            for method in service.method:
                found[f"method {name}.{method.name}"] = _method_shape(method)
    return found


def _add_message(
    found: dict[str, Shape], message: DescriptorProto, *, scope: str, file: str
) -> None:
    name = f"{scope}.{message.name}"
    found[f"message {name}"] = (file, message.options.map_entry)
    for one in message.field:
        found[f"field {name} = {one.number}"] = _field_shape(one, message=message)
    for nested in message.nested_type:
        _add_message(found, nested, scope=name, file=file)
    for enum in message.enum_type:
        _add_enum(found, enum, scope=name, file=file)


def _add_enum(found: dict[str, Shape], enum: EnumDescriptorProto, *, scope: str, file: str) -> None:
    name = f"{scope}.{enum.name}"
    found[f"enum {name}"] = (file,)
    for value in enum.value:
        found[f"value {name} = {value.number}"] = (value.name,)


def _field_shape(one: FieldDescriptorProto, *, message: DescriptorProto) -> Shape:
    choice = message.oneof_decl[one.oneof_index].name if one.HasField("oneof_index") else ""
    label, kind = one.Label.Name(one.label), one.Type.Name(one.type)
    return (one.name, label, kind, one.type_name, choice, one.proto3_optional)


def _method_shape(method: MethodDescriptorProto) -> Shape:
    streaming = (method.client_streaming, method.server_streaming)
    return (method.input_type, method.output_type, *streaming)


def breaks(old: FileDescriptorSet, new: FileDescriptorSet) -> Iterator[str]:
    """One line for each thing of `old` that `new` lacks or has otherwise, in the order of `old`."""
    now = surface(new)
    for name, shape in surface(old).items():
        if name not in now:
            yield f"{name} was removed"
        elif now[name] != shape:
            yield f"{name} changed from {shape} to {now[name]}"
