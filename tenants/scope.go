package tenants

import (
	"errors"
	"time"

	"xuncha/inspection"
)

// ID is an office's routing number. It says where the office stands in the tree
// and may change when the tree does: people and other systems see the slug.
type ID int32

// Tenant is one office (巡察办).
type Tenant struct {
	ID      ID     `json:"-" db:"id"`
	Parent  *ID    `json:"-" db:"parent"`
	Level   string `json:"level" db:"level" enum:"province,city,county" doc:"省、市或县"`
	Code    string `json:"code" db:"code" doc:"GB/T 2260 region code"`
	OrgCode string `json:"-" db:"org_code"`
	Slug    string `json:"slug" db:"slug" doc:"Name of the office in addresses"`
	Name    string `json:"name" db:"name" doc:"青榆县"`
	Office  string `json:"office" db:"office" doc:"Full name of the office"`
	Short   string `json:"short" db:"short" doc:"青榆县委巡察办"`
	Prefix  string `json:"prefix" db:"prefix" doc:"Begins business numbers"`
	Phone   string `json:"phone" db:"phone"`
	Lo      ID     `json:"-" db:"lo"`
	Hi      ID     `json:"-" db:"hi"`
}

// Scope says on whose behalf, for which office, and with what reach work is
// done. The zero Scope is useless on purpose: [DB.In] refuses it.
type Scope struct {
	office Tenant
	lo, hi ID // rows of which offices may be read
	member inspection.MemberID
	grant  inspection.GrantID
	name   string
	role   Role
	unit   inspection.UnitID
	round  inspection.RoundID
	strong time.Time // when the person last proved who they are with a second factor
}

// Acting is an authority as the database states it at this moment: one grant of
// one member.
type Acting struct {
	Office Tenant
	Member inspection.MemberID
	Grant  inspection.GrantID
	Name   string
	Role   Role
	Unit   inspection.UnitID  // for UNIT and HEAD
	Round  inspection.RoundID // for a team's people
	Strong time.Time          // last step-up; zero if none
}

// ForGrant returns the scope of a member acting under a grant. Its reach is the
// member's own office.
func ForGrant(a Acting) Scope {
	if a.Role.OfUnit() == (a.Unit == inspection.UnitID{}) {
		return Scope{} // a unit's person without a unit, or the reverse: DB.In refuses it
	}
	return Scope{
		office: a.Office, lo: a.Office.ID, hi: a.Office.ID, member: a.Member, grant: a.Grant,
		name: a.Name, role: a.Role, unit: a.Unit, round: a.Round, strong: a.Strong,
	}
}

// ForJob returns the scope of a background job done for one office.
func ForJob(office Tenant, kind string) Scope {
	return Scope{office: office, lo: office.ID, hi: office.ID, name: "job:" + kind, role: System}
}

// ForPublic returns the scope of an anonymous reader of the pages of an office
// and of the offices below it.
func ForPublic(office Tenant) Scope {
	return Scope{office: office, lo: office.Lo, hi: office.Hi, name: "public", role: Public}
}

// Subtree returns s with its reach widened to all offices below its own, for
// reading. Only the roles that may look below can have it.
func (s Scope) Subtree() (Scope, error) {
	if s.role != System && !s.role.Above() {
		return Scope{}, inspection.Errorf(inspection.Forbidden, "forbidden", "需由上级巡察机构办理。")
	}
	s.lo, s.hi = s.office.Lo, s.office.Hi
	return s, nil
}

// Wide returns s with the offices below in reach, where its role may look there and
// does not look at some of them already.
func (s Scope) Wide() Scope {
	if w, err := s.Subtree(); err == nil && s.Own() {
		return w
	}
	return s
}

// Below returns s with its reach moved to an office below its own and the
// offices below that one, for reading. Writing stays with the own office.
func (s Scope) Below(t Tenant) (Scope, error) {
	if t.ID == s.office.ID {
		return s, nil
	}
	if !s.role.Above() || t.Lo <= s.office.Lo || t.Hi > s.office.Hi {
		return Scope{}, ErrUnknown
	}
	s.lo, s.hi = t.Lo, t.Hi
	return s, nil
}

// Tenant returns the number of the office that acts.
func (s Scope) Tenant() ID { return s.office.ID }

// Office returns the office that acts.
func (s Scope) Office() Tenant { return s.office }

// Member returns who acts; zero for a job.
func (s Scope) Member() inspection.MemberID { return s.member }

// Name returns the name of who acts.
func (s Scope) Name() string { return s.name }

// Role returns the role held for this piece of work (本轮身份).
func (s Scope) Role() Role { return s.role }

// Unit returns the unit that a UNIT or HEAD is bound to; zero for all others.
func (s Scope) Unit() inspection.UnitID { return s.unit }

// Round returns the round that the grant is bound to, or zero.
func (s Scope) Round() inspection.RoundID { return s.round }

// Grant returns the grant that gives the authority; zero for a job.
func (s Scope) Grant() inspection.GrantID { return s.grant }

// Own reports whether the reach is the own office alone.
func (s Scope) Own() bool { return s.lo == s.office.ID && s.hi == s.office.ID }

// StepUp returns an error unless the person proved who they are no more than
// five minutes before now. Signing, publishing and granting roles ask for it.
func (s Scope) StepUp(now time.Time) error {
	if s.role == System || now.Sub(s.strong) <= 5*time.Minute {
		return nil
	}
	return inspection.Errorf(inspection.Forbidden, "step-up-required", "此操作需要再次验证身份。验证后继续，已填写的内容不会丢失。")
}

// ErrNoScope says that work was asked for without saying for whom.
var ErrNoScope = errors.New("no scope")
