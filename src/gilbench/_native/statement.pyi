from collections.abc import Callable

def operations() -> dict[str, int]: ...
def run(
    plan: tuple[object, ...],
    names: dict[str, object],
    builtins: dict[str, object],
    stage: Callable[..., object],
    /,
) -> object: ...
