"""Bars by day, as an SVG that needs neither scripts nor styles of its own."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

# The SVG's own units; it is stretched to the room there is.
SLOT = 100
BAR = 70
HEIGHT = 1000
# So low a bar can still be seen.
MIN_HEIGHT = 12
# What a scale may end with: half of each is a number that is easily read, too.
SCALE_ENDS = (1, 2, 4, 6, 8, 10)


@dataclass(frozen=True)
class ChartBar:
    amount: Decimal
    title: str


@dataclass(frozen=True)
class PlacedBar:
    slot: int
    x: int
    y: int
    height: int
    title: str


@dataclass(frozen=True)
class BarChart:
    bars: Sequence[ChartBar]
    format_amount: Callable[[Decimal], str]

    @property
    def top(self) -> Decimal:
        """The end of the scale."""
        most = max(bar.amount for bar in self.bars)
        if not most:
            return Decimal(1)
        unit = Decimal(10) ** most.adjusted()
        return next(end * unit for end in SCALE_ENDS if end * unit >= most)

    @property
    def scale(self) -> list[str]:
        return [self.format_amount(amount) for amount in (self.top, self.top / 2, Decimal(0))]

    @property
    def width(self) -> int:
        return SLOT * len(self.bars)

    @property
    def placed_bars(self) -> Iterator[PlacedBar]:
        top = self.top
        for number, bar in enumerate(self.bars):
            height = max(int(bar.amount / top * HEIGHT), MIN_HEIGHT) if bar.amount else 0
            slot = number * SLOT
            yield PlacedBar(slot, slot + (SLOT - BAR) // 2, HEIGHT - height, height, bar.title)
