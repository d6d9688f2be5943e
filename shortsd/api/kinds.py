"""Requests that hold params: those of each job's kind, in what is taken and in what the description says."""

from collections.abc import Mapping
from dataclasses import dataclass, field, make_dataclass
from typing import Annotated, Any, Literal

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from shortsd.stages.kind import Kind
from shortsd.stages.kinds import KINDS, kind_of
from shortsd.wire import models

USUAL = KINDS[0]
"""The kind of a job that is asked for without one."""


class OfItsKind:
    """For pydantic: a NewJob whose params are those of its kind."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """One of the schemas of all kinds, by what the job says of itself."""
        del source
        choices = {kind.name: handler.generate_schema(_new(kind)) for kind in KINDS}
        return core_schema.tagged_union_schema(choices, discriminator=_named)


class OfSomeKind:
    """For pydantic: params of any kind. They are not looked at before it is known of which: the job says that."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A schema that describes all kinds and takes everything."""
        del source
        params = [handler.generate_schema(kind.params) for kind in KINDS]
        described = core_schema.union_schema([*params, core_schema.none_schema()])
        return core_schema.no_info_wrap_validator_function(lambda given, _: given, described)


@dataclass(frozen=True, kw_only=True)
class NewJobs(models.NewJobs):
    """Jobs asked for together; two or more become a batch."""

    jobs: list[Annotated[models.NewJob, OfItsKind()]]


@dataclass(frozen=True, kw_only=True)
class RetryRequest(models.RetryRequest):
    """How to try again."""

    changes: Annotated[Any, OfSomeKind()] = None


def _new(kind: Kind) -> type[models.NewJob]:
    """How a job of a kind is asked for. A short need not say that it is one."""
    usual: Any = field(default=kind.name) if kind is USUAL else field()
    fields = [("kind", Literal[kind.name], usual), ("params", kind.params, field())]
    name = "NewJob" if kind is USUAL else f"New{kind.name.capitalize()}"
    said = {"__doc__": f"A job of the kind {kind.name}."}
    return make_dataclass(name, fields, bases=(models.NewJob,), namespace=said, frozen=True, kw_only=True)


def _named(given: Any) -> str:
    """The kind that a job is asked for of. Raises BadInput for one that there is not."""
    name = given.get("kind", USUAL.name) if isinstance(given, Mapping) else USUAL.name
    return kind_of(name).name if isinstance(name, str) else USUAL.name
