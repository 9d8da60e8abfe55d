"""Which part of a country a time zone tells, where it tells one: for the holidays of that part."""

from __future__ import annotations

REGIONS: dict[str, tuple[str, str]] = {
    f"{area}/{city}": (country, region)
    for country, area, region, cities in (
        ("AU", "Australia", "ACT", "Canberra"),
        ("AU", "Australia", "NSW", "Sydney Broken_Hill Lord_Howe"),
        ("AU", "Australia", "NT", "Darwin"),
        ("AU", "Australia", "QLD", "Brisbane Lindeman"),
        ("AU", "Australia", "SA", "Adelaide"),
        ("AU", "Australia", "TAS", "Hobart"),
        ("AU", "Australia", "VIC", "Melbourne"),
        ("AU", "Australia", "WA", "Perth Eucla"),
        ("BR", "America", "AC", "Rio_Branco"),
        ("BR", "America", "AM", "Manaus"),
        ("BR", "America", "BA", "Bahia"),
        ("BR", "America", "MS", "Campo_Grande"),
        ("BR", "America", "MT", "Cuiaba"),
        ("BR", "America", "PE", "Recife Noronha"),
        ("BR", "America", "RO", "Porto_Velho"),
        ("BR", "America", "RR", "Boa_Vista"),
        ("BR", "America", "TO", "Araguaina"),
        ("CA", "America", "AB", "Edmonton"),
        ("CA", "America", "BC", "Vancouver Dawson_Creek Fort_Nelson Creston"),
        ("CA", "America", "MB", "Winnipeg"),
        ("CA", "America", "NB", "Moncton"),
        ("CA", "America", "NL", "St_Johns Goose_Bay"),
        ("CA", "America", "NS", "Halifax Glace_Bay"),
        ("CA", "America", "NT", "Inuvik Yellowknife"),
        ("CA", "America", "NU", "Iqaluit Rankin_Inlet Resolute Cambridge_Bay"),
        ("CA", "America", "ON", "Toronto Atikokan Thunder_Bay"),
        ("CA", "America", "QC", "Montreal Blanc-Sablon"),
        ("CA", "America", "SK", "Regina Swift_Current"),
        ("CA", "America", "YT", "Whitehorse Dawson"),
        ("ES", "Africa", "CE", "Ceuta"),
        ("ES", "Atlantic", "CN", "Canary"),
        ("GB", "Europe", "ENG", "London"),
        ("GB", "Europe", "NIR", "Belfast"),
        ("NZ", "Pacific", "CIT", "Chatham"),
        ("US", "America", "AK", "Anchorage Juneau Sitka Nome Metlakatla Yakutat Adak"),
        ("US", "America", "AZ", "Phoenix"),
        ("US", "America", "IN", "Indiana/Indianapolis Indiana/Knox Indiana/Marengo Indiana/Tell_City"),
        ("US", "America", "KY", "Kentucky/Louisville Kentucky/Monticello"),
        ("US", "America", "MI", "Detroit Menominee"),
        ("US", "America", "ND", "North_Dakota/Center North_Dakota/Beulah North_Dakota/New_Salem"),
        ("US", "America", "PR", "Puerto_Rico"),
        ("US", "Pacific", "GU", "Guam"),
        ("US", "Pacific", "HI", "Honolulu"),
    )
    for city in cities.split()
}
"""Zone to country and region, by the codes of ISO 3166. London tells England, where most of its callers live; a
zone that several regions share tells none.
"""


def region_of(zone: str, country: str) -> str | None:
    """The part of that country that the zone tells."""
    found = REGIONS.get(zone)
    return found[1] if found is not None and found[0] == country else None
