"""What checks types and shapes at run time in the tests: beartype, as lenient as mypy where numpy and numbers are concerned."""

from typing import Any

from beartype import BeartypeConf, FrozenDict, beartype
from numpy.typing import ArrayLike

check = beartype(conf=BeartypeConf(is_pep484_tower=True, hint_overrides=FrozenDict({ArrayLike: Any})))
