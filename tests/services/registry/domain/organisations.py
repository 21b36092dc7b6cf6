"""A small province for domain tests: two cities, their counties, a branch, a specialty bureau."""

from __future__ import annotations

from services.registry.domain.centres.organisation import Level, Organisation, Unit, UnitKind

TERRITORIAL = UnitKind.TERRITORIAL

PROVINCE = Unit("GD", "广东省邮政局", Level.PROVINCE, TERRITORIAL, None)
GUANGZHOU = Unit("GZ", "广州市邮政局", Level.CITY, TERRITORIAL, "GD")
SHENZHEN = Unit("SZ", "深圳市邮政局", Level.CITY, TERRITORIAL, "GD")
TIANHE = Unit("GZ-TH", "天河区邮政局", Level.COUNTY, TERRITORIAL, "GZ")
PANYU = Unit("GZ-PY", "番禺区邮政局", Level.COUNTY, TERRITORIAL, "GZ")
NANSHAN = Unit("SZ-NS", "南山区邮政局", Level.COUNTY, TERRITORIAL, "SZ")
SHIPAI = Unit("GZ-TH-SP", "石牌支局", Level.BRANCH, UnitKind.BRANCH, "GZ-TH")
EXPRESS = Unit("GD-EMS", "省速递物流局", Level.PROVINCE, UnitKind.SPECIALTY, "GD")

ORGANISATION = Organisation(
    [PROVINCE, GUANGZHOU, SHENZHEN, TIANHE, PANYU, NANSHAN, SHIPAI, EXPRESS]
)
