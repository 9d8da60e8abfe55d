"""The public holidays of a country and of its regions, each country's read when it is first named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.machinery import PathFinder
from importlib.util import module_from_spec

from cases.regions import region_of

Calendar = Callable[..., Mapping[date, str]]


def holiday(country: str | None, day: date, zone: str = "") -> str | None:
    """The public holiday of that day in a country (ISO 3166) or its region that the zone tells, by name."""
    if country is None:
        return None
    return _holidays(country, region_of(zone, country), day.year).get(day)


def has_holidays(country: str) -> bool:
    """Whether the holidays of a country are known."""
    return country in _countries()


def read_calendars(countries: Iterable[str] = ()) -> None:
    """Reads the library, which takes as long as a form may take to open, and the calendars of those countries."""
    for country in _countries() & set(countries):
        _calendar(country)


@lru_cache(maxsize=256)
def _holidays(country: str, region: str | None, year: int) -> dict[date, str]:
    return dict(_calendar(country)(subdiv=region, years=year))


@cache
def _countries() -> frozenset[str]:
    # Imported when first needed: the library takes longer to load than all the rest of the rules.
    from holidays.registry import EntityLoader

    return frozenset(EntityLoader.get_country_codes())


@cache
def _calendar(country: str) -> Calendar:
    """The library's calendar of one country, from its own file.

    The library's own way there reads the files of the whole world first: seven megabytes, for the one or two countries
    that a desk names. It still does for some twenty territories, whose file builds upon their mother country's.
    """
    import holidays

    entry = getattr(holidays, country)
    spec = PathFinder.find_spec(entry.module_name, [f"{holidays.__path__[0]}/countries"])
    if spec is None or spec.loader is None:
        raise ImportError(f"no calendar of its own for {country}", name=entry.module_name)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    calendar: Calendar = getattr(module, entry.entity_name)
    return calendar
