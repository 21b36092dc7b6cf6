"""A date is taken only as it is written (`2026-03-01`), an instant only with its offset.

Left to itself pydantic reads 0, "0" and 0.5 as moments of 1970, so that a slip of a caller becomes
a wrong date without a word. Whatever a route takes goes through here when it is registered.
"""

from __future__ import annotations

import copy
import inspect
import types
from collections.abc import Callable
from datetime import date, datetime
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from fastapi.params import Depends
from pydantic import BaseModel, BeforeValidator, create_model

from shared.contracts.values import Day, Instant


def signature(endpoint: Callable[..., Any]) -> inspect.Signature:
    """The signature of `endpoint`, with every date and instant in its inputs taken as written."""
    hints = get_type_hints(endpoint, include_extras=True)
    written = inspect.signature(endpoint)
    parameters = [
        parameter.replace(annotation=_as_written(hints.get(name, parameter.annotation)))
        for name, parameter in written.parameters.items()
    ]
    return written.replace(
        parameters=parameters, return_annotation=hints.get("return", written.return_annotation)
    )


def _as_written(annotation: Any) -> Any:
    """`annotation` with Day for date and Instant for datetime, inside whatever holds them."""
    if annotation is date:
        return Day
    if annotation is datetime:
        return Instant
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _model(annotation)
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is None or not parts:
        return annotation
    if origin is Annotated:
        return _annotated(parts[0], parts[1:])
    changed = tuple(_as_written(part) for part in parts)
    if changed == parts:
        return annotation
    if origin in (Union, types.UnionType):
        return reduce(or_, changed)
    return origin[changed]


def _annotated(inner: Any, metadata: tuple[Any, ...]) -> Any:
    if any(isinstance(each, Depends | BeforeValidator) for each in metadata):
        return Annotated[inner, *metadata]
    return Annotated[_as_written(inner), *metadata]


@cache
def _model(model: type[BaseModel]) -> type[BaseModel]:
    """A model of the same name and fields that takes dates as written; itself if it has none."""
    changed: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        if any(isinstance(each, BeforeValidator) for each in field.metadata):
            continue
        annotation = _as_written(field.annotation)
        if annotation != field.annotation:
            changed[name] = (annotation, copy.copy(field))
    if not changed:
        return model
    return create_model(
        model.__name__,
        __base__=model,
        __module__=model.__module__,
        __doc__=model.__doc__,
        **changed,
    )
