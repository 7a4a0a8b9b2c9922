package tenants

import (
	"slices"

	"xuncha/inspection"
)

// Role is what a grant lets a member act as.
type Role string

// The roles. Codes and names are those that offices use.
const (
	OFF  Role = "OFF"  // 巡察办干部
	DIR  Role = "DIR"  // 巡察办主任
	LDR  Role = "LDR"  // 巡察组组长
	VLD  Role = "VLD"  // 巡察组副组长
	MEM  Role = "MEM"  // 巡察组组员
	LG   Role = "LG"   // 领导小组成员
	UNIT Role = "UNIT" // 被巡察单位联络员
	HEAD Role = "HEAD" // 被巡察单位主要负责人
	DISC Role = "DISC" // 纪委监委
	ORG  Role = "ORG"  // 组织部
	DEPT Role = "DEPT" // 审计、财政、信访、宣传等
	CITY Role = "CITY" // 市委巡察办
	PROV Role = "PROV" // 省委巡视办
	ADM  Role = "ADM"  // 单位管理员
	PLAT Role = "PLAT" // 平台运维

	System Role = "SYS"    // a job
	Public Role = "PUBLIC" // an anonymous reader
)

// Roles lists the roles that a grant may give.
func Roles() []Role {
	return []Role{OFF, DIR, LDR, VLD, MEM, LG, UNIT, HEAD, DISC, ORG, DEPT, CITY, PROV, ADM, PLAT}
}

var roleNames = map[Role]string{
	OFF: "巡察办干部", DIR: "巡察办主任", LDR: "巡察组组长", VLD: "巡察组副组长", MEM: "巡察组组员",
	LG: "领导小组成员", UNIT: "被巡察单位联络员", HEAD: "被巡察单位主要负责人", DISC: "纪委监委", ORG: "组织部",
	DEPT: "协作部门", CITY: "市委巡察办", PROV: "省委巡视办", ADM: "单位管理员", PLAT: "平台运维",
	System: "系统", Public: "公众",
}

// Name returns what people call the role.
func (r Role) Name() string { return roleNames[r] }

// Party returns what people call the role as a party to a joint review: the office,
// not the post.
func (r Role) Party() string {
	switch r {
	case OFF:
		return "巡察办"
	case LG:
		return "领导小组"
	}
	return r.Name()
}

// OfUnit reports whether r is bound to one inspected unit.
func (r Role) OfUnit() bool { return r == UNIT || r == HEAD }

// Office reports whether r acts for the inspection office itself, at any level.
func (r Role) Office() bool { return r == OFF || r == DIR || r == CITY || r == PROV }

// Above reports whether r may look at the offices below its own.
func (r Role) Above() bool { return r == CITY || r == PROV }

// Directing are the roles that answer for their own office: its director, and who
// acts for a city or a province, which have units of their own, too.
var Directing = []Role{DIR, CITY, PROV}

// Allow returns a Forbidden error that names who can help, unless r is one of
// these roles.
func (r Role) Allow(roles ...Role) error {
	if slices.Contains(roles, r) {
		return nil
	}
	return inspection.Errorf(inspection.Forbidden, "forbidden", "需由%s办理。", roles[0].Name())
}
