"""Where a post may go: nowhere private, whatever form the address has."""

import pytest

from liangming.errors import LiangmingError
from liangming.webhook import Networks
from liangming.webhook.ports import NotSentError
from liangming.webhook.post import HttpPost

PRIVATE = (
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "0.0.0.0",  # noqa: S104
    "255.255.255.255",
    "224.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "::1",
    "::",
    "::ffff:10.0.0.1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "64:ff9b::a00:1",
    "2002:a00:1::1",
    "2001:0:a00:1::1",
)


@pytest.mark.parametrize("ip", PRIVATE)
def test_no_private_address_is_admitted_in_production(ip: str) -> None:
    assert Networks().admits(ip, tls=True) is False


@pytest.mark.parametrize("ip", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_a_public_address_is_admitted_only_with_tls(ip: str) -> None:
    assert Networks().admits(ip, tls=True) is True
    assert Networks().admits(ip, tls=False) is False


def test_a_setting_admits_a_private_network_and_no_other() -> None:
    networks = Networks(("10.2.0.0/16",))
    assert networks.admits("10.2.3.4", tls=False) is True
    assert networks.admits("::ffff:10.2.3.4", tls=True) is True
    assert networks.admits("10.3.0.1", tls=True) is False


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hook",
        "http://example.cn/",
        "ftp://example.cn/",
        "https:///path",
        "https://user@example.cn/",
        "https://user:pw@example.cn/",
        "https://example.cn/#part",
        "https://example.cn:0/",
        "https://example.cn:99999/",
        "https://exam ple.cn/",
        "https://example.cn/\r\nhost: x",
        "https://example.cn\\@10.0.0.1/",
        "https://例子.cn/",
        "https://[::1/",
        "https://example.cn/" + "x" * 1000,
    ],
)
def test_an_address_of_another_form_is_refused(url: str) -> None:
    with pytest.raises(LiangmingError) as refused:
        Networks().target(url)
    assert refused.value.code.name == "webhook.address-unfit"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.1", "[::1]", "[::ffff:10.0.0.1]", "[fc00::1]"]
)
def test_a_private_address_in_numbers_is_refused_when_the_subscription_is_made(host: str) -> None:
    with pytest.raises(LiangmingError) as refused:
        Networks().target(f"https://{host}/hook")
    assert refused.value.code.name == "webhook.address-private"


def test_an_address_is_taken_apart_with_its_query_and_port() -> None:
    target = Networks().target("https://Example.cn:8443/a?b=c")
    assert (target.host, target.port, target.path) == ("example.cn", 8443, "/a?b=c")
    assert target.authority == "example.cn:8443"
    assert Networks().target("https://example.cn").authority == "example.cn"


@pytest.mark.parametrize("name", ["localhost", "2130706433", "0x7f.1", "127.1"])
async def test_a_name_that_leads_to_a_private_address_is_not_posted_to(name: str) -> None:
    with pytest.raises(NotSentError) as refused:
        await HttpPost(Networks())(f"https://{name}/hook", {}, b"{}")
    assert refused.value.why in {"address", "name"}


async def test_one_private_address_among_the_addresses_of_a_name_is_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import asyncio

    async def both(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", ("1.1.1.1", 443)), (0, 0, 0, "", ("10.0.0.1", 443))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", both)
    with pytest.raises(NotSentError) as refused:
        await HttpPost(Networks())("https://two.example/hook", {}, b"{}")
    assert refused.value.why == "address"
