"""The public holidays of countries and their regions; each country's calendar is read when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.machinery import PathFinder
from importlib.util import module_from_spec

from cases.regions import region_of

Calendar = Callable[..., Mapping[date, str]]


def holiday(country: str | None, day: date, zone: str = "") -> str | None:
    """The name of the public holiday on that day in a country (ISO 3166), or in its region if the zone tells which."""
    if country is None:
        return None
    return _holidays(country, region_of(zone, country), day.year).get(day)


def has_holidays(country: str) -> bool:
    """Whether a country's holidays are known."""
    return country in _countries()


def read_calendars(countries: Iterable[str] = ()) -> None:
    """Loads the library, which takes as long as a form may take to open, and the calendars of those countries."""
    for country in _countries() & set(countries):
        _calendar(country)


@lru_cache(maxsize=256)
def _holidays(country: str, region: str | None, year: int) -> dict[date, str]:
    return dict(_calendar(country)(subdiv=region, years=year))


@cache
def _countries() -> frozenset[str]:
    # Imported when first needed: the library takes longer to load than all other rules together.
    from holidays.registry import EntityLoader

    return frozenset(EntityLoader.get_country_codes())


@cache
def _calendar(country: str) -> Calendar:
    """The library's calendar of one country, from its own file.

    The library's own lookup first loads the files of the whole world: seven megabytes, for the one or two countries
    that a program names. It still does so for some twenty territories, whose files build on their mother country's.
    """
    import holidays

    entry = getattr(holidays, country)
    spec = PathFinder.find_spec(entry.module_name, [f"{holidays.__path__[0]}/countries"])
    if spec is None or spec.loader is None:
        raise ImportError(f"no separate calendar for {country}", name=entry.module_name)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    calendar: Calendar = getattr(module, entry.entity_name)
    return calendar
