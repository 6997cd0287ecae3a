"""What staff can open, and who sees each: one table for the home page and the side of every page.

A new page adds one entry here. Seeing an entry gives no right: each view asks again, with
:func:`only`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from liangming.errors import Misuse
from liangming.scene.model import Text
from liangming.web.staff.faults import NOT_FOR_YOU
from liangming.web.staff.models import Member
from liangming.web.staff.roles import (
    ANSWERS,
    AT_THE_DESK,
    DECIDES_LOOKS,
    INSPECTS,
    INTEGRATES,
    SEES_PEOPLE,
    Role,
)

EVERYBODY: Final = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in the menu.

    Attributes:
        where: its address within the site.
        title: a few words.
        line: what it is good for.
        roles: who sees it.
    """

    where: str
    title: Text
    line: Text
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that belong together, in the order in which they are shown."""

    title: Text
    entries: tuple[Entry, ...]


MENU: Final = (
    Group(
        Text("现场", "At the counter"),
        (
            Entry(
                "/desk",
                Text("打开柜台", "Open the desk"),
                Text("收寄、取件、入场的查验", "Checks for sending, collecting and entering"),
                AT_THE_DESK,
            ),
        ),
    ),
    Group(
        Text("合规", "Compliance"),
        (
            Entry(
                "/staff/console/",
                Text("总览", "Overview"),
                Text("什么需要留意，一眼看清", "What needs attention, in one look"),
                ANSWERS,
            ),
            Entry(
                "/desk/duties",
                Text("待办与请求", "Duties and requests"),
                Text("到期的义务，本人提出的请求", "What is due, and what people asked"),
                ANSWERS,
            ),
            Entry(
                "/desk/notices",
                Text("告知的批准", "Approve notices"),
                Text("起草、另一人批准、生效日", "Draft, a second person's approval, the day"),
                ANSWERS,
            ),
            Entry(
                "/desk/reports",
                Text("举报", "Reports"),
                Text("任何人提出的，分派、答复、复核", "By anybody: owner, answer, review"),
                ANSWERS,
            ),
            Entry(
                "/staff/console/search/",
                Text("查找一份登记", "Search for a record"),
                Text("写明目的和事由，每次都留记录", "With a purpose and a case; each is recorded"),
                ANSWERS,
            ),
            Entry(
                "/staff/console/looks/",
                Text("查看的批准", "Approve looks"),
                Text("请求、另一人批准、只看一次", "Asked, agreed by another, used once"),
                DECIDES_LOOKS,
            ),
            Entry(
                "/desk/incidents",
                Text("安全事件", "Incidents"),
                Text("发现、范围、通知、报告、演练", "Found, scope, telling, reports, drills"),
                ANSWERS,
            ),
            Entry(
                "/desk/assessments",
                Text("影响评估", "Assessments"),
                Text("两人签名，刷脸随之开放或停止", "Two sign; the face opens or stops with it"),
                ANSWERS,
            ),
            Entry(
                "/desk/faces",
                Text("存储的人脸", "Stored faces"),
                Text("终端报告的人数，备案期限", "What devices count, and the filing"),
                ANSWERS,
            ),
            Entry(
                "/desk/parties",
                Text("受托方和接收方", "Processors"),
                Text("合同、评估、期限、清单", "Contracts, assessments, terms, the list"),
                ANSWERS,
            ),
            Entry(
                "/desk/register",
                Text("处理情况记录", "Register"),
                Text("自动填好，两人签字，PDF", "Filled in, signed by two, PDF"),
                ANSWERS,
            ),
            Entry(
                "/desk/selfcheck",
                Text("合规自查", "Self-check"),
                Text("证据回答，两人签字，PDF", "Answered by evidence, signed by two, PDF"),
                ANSWERS,
            ),
            Entry(
                "/desk/thresholds",
                Text("人数门槛", "Thresholds"),
                Text("达到没有，要办什么", "What is reached, and what it asks"),
                ANSWERS,
            ),
            Entry(
                "/desk/access",
                Text("谁能看到什么", "Access"),
                Text("账号、角色、密钥的复核", "Review of accounts, roles and keys"),
                ANSWERS,
            ),
            Entry(
                "/staff/console/scenes/",
                Text("场景", "Scenes"),
                Text(
                    "今天是否合法，依据哪条，怎样变过", "Lawful today or not, why, and how changed"
                ),
                ANSWERS,
            ),
            Entry(
                "/staff/console/parity/",
                Text("选择与办理", "Choices"),
                Text("各网点各方式的比例、用时、办成", "Share, time, completion by outlet and way"),
                ANSWERS,
            ),
            Entry(
                "/staff/console/notices/",
                Text("告知", "Notices"),
                Text(
                    "正在使用的告知：版本、摘要、用在哪里", "Those in use: version, digest, where"
                ),
                ANSWERS,
            ),
            Entry(
                "/staff/console/consents/",
                Text("同意", "Consents"),
                Text("按目的和告知计数，没有姓名", "Counted by purpose and notice, no names"),
                ANSWERS,
            ),
            Entry(
                "/staff/console/people/",
                Text("人员", "People"),
                Text(
                    "谁在这里，什么角色；任免由管理员办理", "Who is here, in which role; no changes"
                ),
                ANSWERS,
            ),
            Entry(
                "/staff/console/devices/",
                Text("终端", "Devices"),
                Text("登记、最近上报、缺号、停用", "Enrolled, last heard, gaps, revoked"),
                ANSWERS,
            ),
        ),
    ),
    Group(
        Text("检查", "Inspection"),
        (
            Entry(
                "/staff/inspection/",
                Text("检查任务", "Mandates"),
                Text("范围、样本、证据、检查包、存证", "Scope, sample, evidence, packet, log"),
                INSPECTS,
            ),
            Entry(
                "/staff/console/visits/",
                Text("检查人员的查看", "Inspectors' visits"),
                Text(
                    "登记谁可以看哪项任务，到哪天", "Who may look at which mandate, and until when"
                ),
                ANSWERS,
            ),
        ),
    ),
    Group(
        Text("接入", "Integration"),
        (
            Entry(
                "/staff/integrator/",
                Text("接口客户", "API clients"),
                Text("密钥、权限、期限、调用记录", "Keys, rights, terms, what was called"),
                INTEGRATES,
            ),
            Entry(
                "/staff/integrator/webhooks/",
                Text("结果订阅", "Webhooks"),
                Text("告诉别的系统发生了什么", "Tell other systems what happened"),
                INTEGRATES,
            ),
            Entry(
                "/staff/integrator/sandbox/",
                Text("沙箱", "Sandbox"),
                Text("测试人物，和怎样启动", "Test persons, and how to start one"),
                INTEGRATES,
            ),
        ),
    ),
    Group(
        Text("账户", "Accounts"),
        (
            Entry(
                "/staff/people/",
                Text("人员与角色", "People and roles"),
                Text("邀请、停用、更换钥匙", "Invite, end, replace keys"),
                SEES_PEOPLE,
            ),
            Entry(
                "/desk/training",
                Text("培训", "Training"),
                Text("岗位的课程，每年一次", "The courses of your role, yearly"),
                frozenset(Role) - {Role.INSPECTOR},
            ),
            Entry(
                "/staff/keys/",
                Text("我的钥匙", "My keys"),
                Text("通行密钥、验证器、恢复码", "Passkeys, authenticator, recovery codes"),
                EVERYBODY,
            ),
            Entry(
                "/staff/sessions/",
                Text("登录着的设备", "Signed-in devices"),
                Text("查看，或让其他设备退出", "See them, or sign the others out"),
                EVERYBODY,
            ),
        ),
    ),
)


def menu_of(role: Role) -> tuple[Group, ...]:
    """The groups of a role, without those that are empty for it."""
    groups = (
        Group(group.title, tuple(e for e in group.entries if role in e.roles)) for group in MENU
    )
    return tuple(group for group in groups if group.entries)


def only(request: HttpRequest, roles: Collection[Role]) -> Member:
    """The member at this page, if the page is for their role. Put ``login_required`` before.

    Raises:
        Misuse: ``staff.not-for-you``.
    """
    member = request.user
    if not isinstance(member, Member) or Role(member.role) not in roles:
        raise Misuse(NOT_FOR_YOU)
    return member
