from typing import NewType

PresenceCapsule = NewType("PresenceCapsule", object)

def create() -> PresenceCapsule: ...
