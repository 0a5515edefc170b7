"""Labelling projects, their tasks and what people say about them, and what is brought in and taken out."""

from app.annotation.models.annotations import Annotation, AnnotationDraft, Result
from app.annotation.models.exports import LabellingExport
from app.annotation.models.imports import Format, TaskImport, TaskImportRow, Work
from app.annotation.models.labellings import Labelling, LabellingConfig, Sampling, SkipQueue
from app.annotation.models.tasks import StreamPlace, Task, TaskLock

__all__ = [
    "Annotation",
    "AnnotationDraft",
    "Format",
    "Labelling",
    "LabellingConfig",
    "LabellingExport",
    "Result",
    "Sampling",
    "SkipQueue",
    "StreamPlace",
    "Task",
    "TaskImport",
    "TaskImportRow",
    "TaskLock",
    "Work",
]
