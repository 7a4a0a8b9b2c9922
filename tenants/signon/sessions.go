package signon

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/emmansun/gmsm/sm3"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/inspection"
	"xuncha/tenants"
)

type (
	// PersonID names a person, across all offices.
	PersonID struct{ uuid.UUID }
	// SessionID names a session, for the list in which people end them. It opens
	// nothing.
	SessionID struct{ uuid.UUID }
)

// Sessions knows who is signed on and what they may do.
type Sessions struct {
	DB    *tenants.DB
	Pool  *pgxpool.Pool // of the same login as DB: sign-on comes before any scope
	Clock inspection.Clock

	// Plain says that browsers come over http, which only the demo on this
	// machine may. Cookies then lack Secure and the __Host- prefix.
	Plain bool
}

// Session is somebody who is signed on: a person, or a machine with a key.
type Session struct {
	ID      SessionID
	Person  PersonID // zero for a machine
	Name    string
	Strong  time.Time // last proof with a second factor; zero if none
	Machine bool
}

// The beginnings tell keys of people's sessions from those of machines.
const (
	sessionPrefix = "xs_"
	machinePrefix = "xc_"
)

// newKey returns a key nobody can guess: 130 random bits.
func newKey(prefix string) string { return prefix + rand.Text() }

// digest is what is kept of a key.
func digest(key string) []byte {
	sum := sm3.Sum([]byte(key))
	return sum[:]
}

// Cookie returns the name of the session's cookie.
func (s *Sessions) Cookie() string {
	if s.Plain {
		return "xuncha"
	}
	return "__Host-xuncha"
}

// Credential is what a request shows: a session's cookie, or the bearer key of a
// machine, which goes first.
type Credential struct{ Session, Token string }

// key returns the key that counts. Each kind comes its own way only.
func (c Credential) key() string {
	key, prefix := c.Session, sessionPrefix
	if c.Token != "" {
		key, prefix = c.Token, machinePrefix
	}
	if !strings.HasPrefix(key, prefix) {
		return ""
	}
	return key
}

// officeColumns are the columns of tenants.Tenant.
const officeColumns = `t.id, t.parent, t.level, t.code, t.org_code, t.slug, t.name, t.office, t.short, t.prefix, t.phone, t.lo, t.hi`

// authorityColumns are the columns of an authority, in the order of its scan.
const authorityColumns = `problem, session_id, person_id, person_name, strong_at, member_id, member_name, grant_id, role, unit_id,
	round_id, (office).id, (office).parent, (office).level, (office).code, (office).org_code, (office).slug, (office).name,
	(office).office, (office).short, (office).prefix, (office).phone, (office).lo, (office).hi`

// authority is what a key opens at this moment, or why it does not. It is read
// on every request, hence in the types that the driver reads without detours.
type authority struct {
	problem              pgtype.Text
	session, person      pgtype.UUID
	personName           pgtype.Text
	strong               pgtype.Timestamptz
	member               pgtype.UUID
	memberName           pgtype.Text
	grant                pgtype.UUID
	role                 pgtype.Text
	unit, round          pgtype.UUID
	id, parent, lo, hi   pgtype.Int4
	level, code, orgCode pgtype.Text
	slug, name, full     pgtype.Text
	short, prefix, phone pgtype.Text
}

func (a *authority) scan() []any {
	return []any{
		&a.problem, &a.session, &a.person, &a.personName, &a.strong, &a.member, &a.memberName, &a.grant, &a.role, &a.unit,
		&a.round, &a.id, &a.parent, &a.level, &a.code, &a.orgCode, &a.slug, &a.name, &a.full, &a.short, &a.prefix, &a.phone,
		&a.lo, &a.hi,
	}
}

func (a *authority) office() tenants.Tenant {
	t := tenants.Tenant{
		ID: tenants.ID(a.id.Int32), Level: a.level.String, Code: a.code.String, OrgCode: a.orgCode.String, Slug: a.slug.String,
		Name: a.name.String, Office: a.full.String, Short: a.short.String, Prefix: a.prefix.String, Phone: a.phone.String,
		Lo: tenants.ID(a.lo.Int32), Hi: tenants.ID(a.hi.Int32),
	}
	if a.parent.Valid {
		t.Parent = new(tenants.ID(a.parent.Int32))
	}
	return t
}

func (a *authority) signedOn(machine bool) Session {
	return Session{
		ID: SessionID{a.session.Bytes}, Person: PersonID{a.person.Bytes}, Name: a.personName.String, Strong: a.strong.Time, Machine: machine,
	}
}

// scope returns the scope of the member's grant.
func (a *authority) scope() tenants.Scope {
	return tenants.ForGrant(tenants.Acting{
		Office: a.office(), Member: inspection.MemberID{UUID: a.member.Bytes}, Grant: inspection.GrantID{UUID: a.grant.Bytes},
		Name: a.memberName.String, Role: tenants.Role(a.role.String), Unit: inspection.UnitID{UUID: a.unit.Bytes},
		Round: inspection.RoundID{UUID: a.round.Bytes}, Strong: a.strong.Time,
	})
}

// err says why the authority opens nothing, or nil.
func (a *authority) err() error {
	if !a.problem.Valid {
		return inspection.Errorf(inspection.Unsigned, "sign-in-required", "请先登录。")
	}
	switch a.problem.String {
	case "":
		return nil
	case "expired":
		return inspection.Errorf(inspection.Unsigned, "session-expired", "登录已过期，已填写的内容仍保留在本机。请重新登录后继续。")
	case "key-invalid":
		return inspection.Errorf(inspection.Unsigned, "key-invalid", "接口令牌无效、已停用或已过期。请联系管理员换发。")
	case "ended":
		return inspection.Errorf(inspection.Unsigned, "account-ended", "账号已停用。如需继续使用，请联系本单位管理员。")
	case "elsewhere":
		return inspection.Errorf(inspection.NotFound, "not-found", "没有找到，或你没有查看权限。")
	case "pending":
		return inspection.Errorf(inspection.Forbidden, "member-pending", "已登记，等待%s开通。", a.short.String)
	case "held":
		return inspection.Errorf(inspection.Forbidden, "identity-changed", "门户中的姓名或单位有变化，需由%s核对后才能继续。", a.short.String)
	case "no-grant":
		return inspection.Errorf(inspection.Forbidden, "no-grant", "还没有授权，或授权已到期。请联系%s管理员。", a.short.String)
	case "identity-mismatch":
		return inspection.Errorf(inspection.Conflict, "identity-mismatch", "页面所用的身份与当前授权不一致，未办理。请刷新页面，核对本轮身份后再办。")
	case "identity-required":
		return inspection.Errorf(inspection.Conflict, "identity-required", "在本单位有多个身份。请选定本轮身份后再办。")
	}
	return fmt.Errorf("unknown answer of the database: %s", a.problem.String)
}

// Scope returns what the holder of a credential may do for an office (named by
// slug) at this moment, and who it is. Where a member holds several grants there,
// identity names one; without it nobody acts, lest they act under the wrong one.
// It costs one statement.
func (s *Sessions) Scope(ctx context.Context, c Credential, office, identity string) (tenants.Scope, Session, error) {
	var grant *inspection.GrantID
	if identity != "" {
		named, _ := inspection.ParseID[inspection.GrantID](identity) // the zero one is nobody's: a mismatch
		grant = &named
	}
	call := `sec.acting($1, $2, $3, $4, $5)`
	if c.Token != "" {
		call = `sec.acting_machine($1, $2, $3, $4, $5)`
	}
	now := s.Clock()
	a, err := s.authority(ctx, call, digest(c.key()), office, grant, now, inspection.DayOf(now))
	if err != nil {
		return tenants.Scope{}, Session{}, err
	}
	if err := a.err(); err != nil {
		return tenants.Scope{}, Session{}, err
	}
	return a.scope(), a.signedOn(c.Token != ""), nil
}

// Read returns the session of a cookie's value, whatever it may do.
func (s *Sessions) Read(ctx context.Context, session string) (Session, error) {
	key := Credential{Session: session}.key()
	a, err := s.authority(ctx, `sec.session_read($1, $2)`, digest(key), s.Clock())
	if err != nil {
		return Session{}, err
	}
	if err := a.err(); err != nil {
		return Session{}, err
	}
	return a.signedOn(false), nil
}

// Ends returns when a session ends if nobody does anything, and when it ends at the
// latest. Asking is no sign of life.
func (s *Sessions) Ends(ctx context.Context, session string) (rests, ends time.Time, err error) {
	key := Credential{Session: session}.key()
	var at, last pgtype.Timestamptz
	err = s.Pool.QueryRow(ctx, `select rests_at, ends_at from sec.session_ends($1, $2)`, digest(key), s.Clock()).Scan(&at, &last)
	if err != nil {
		return rests, ends, unavailable("read the session's end", err)
	}
	if !at.Valid {
		return rests, ends, inspection.Errorf(inspection.Unsigned, "session-expired", "登录已过期，已填写的内容仍保留在本机。请重新登录后继续。")
	}
	return at.Time, last.Time, nil
}

// authority asks one of sec's functions. Its arguments go by position: naming
// them cost a seventh of the whole.
func (s *Sessions) authority(ctx context.Context, call string, args ...any) (a authority, err error) {
	err = s.Pool.QueryRow(ctx, `select `+authorityColumns+` from `+call, args...).Scan(a.scan()...)
	if err != nil {
		return a, unavailable("read authority", err)
	}
	return a, nil
}

// errOurs marks failures that are neither the person's fault nor the portal's.
var errOurs = errors.New("sign-on fails on our side")

// unavailable tells people when the database does not answer. A statement that
// the database refuses is another matter: trying again would not help.
func unavailable(what string, err error) error {
	pg, refused := errors.AsType[*pgconn.PgError](err)
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	_, network := errors.AsType[net.Error](err)
	switch {
	case refused && slices.Contains([]string{"08", "53", "57"}, pg.Code[:2]):
	case connecting, network, errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
	default:
		return fmt.Errorf("%w: %s: %w", errOurs, what, err)
	}
	return fmt.Errorf("%s: %w (%w)", what, inspection.Errorf(inspection.Unavailable, "database-unavailable",
		"暂时无法读写数据，内容已保留在页面上。请稍后重试。"), err)
}

// Identity is one thing a person may be (本轮身份): a grant of an active member,
// or a membership that gives nothing yet.
type Identity struct {
	Office   tenants.Tenant
	State    string // active, pending or held
	Member   inspection.MemberID
	Name     string             // of the member
	Grant    inspection.GrantID // zero where there is none
	Role     tenants.Role
	Unit     inspection.UnitID
	UnitName string
	Until    inspection.Day // last day of the grant; zero while it lasts
}

func orNil(u *uuid.UUID) uuid.UUID {
	if u == nil {
		return uuid.Nil
	}
	return *u
}

// Identities lists everything the session's person may be, what they act as
// first.
func (s *Sessions) Identities(ctx context.Context, who Session) ([]Identity, error) {
	rows, _ := s.Pool.Query(ctx, `
		select i.member_id, i.state, i.member_name, i.grant_id, coalesce(i.role, '') as role, i.unit_id,
			coalesce(i.unit_name, '') as unit_name, i.until_on, `+officeColumns+`
		from sec.identities(@person, @today) i
		join tenants t on t.id = i.tenant_id`,
		pgx.StrictNamedArgs{"person": who.Person, "today": s.Clock.Today()})
	type row struct {
		MemberID   uuid.UUID      `db:"member_id"`
		State      string         `db:"state"`
		MemberName string         `db:"member_name"`
		GrantID    *uuid.UUID     `db:"grant_id"`
		Role       tenants.Role   `db:"role"`
		UnitID     *uuid.UUID     `db:"unit_id"`
		UnitName   string         `db:"unit_name"`
		UntilOn    inspection.Day `db:"until_on"`
		tenants.Tenant
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, unavailable("list identities", err)
	}
	identities := make([]Identity, len(found))
	for i, r := range found {
		identities[i] = Identity{
			Office: r.Tenant, State: r.State, Member: inspection.MemberID{UUID: r.MemberID}, Name: r.MemberName,
			Grant: inspection.GrantID{UUID: orNil(r.GrantID)}, Role: r.Role, Unit: inspection.UnitID{UUID: orNil(r.UnitID)},
			UnitName: r.UnitName, Until: r.UntilOn,
		}
	}
	return identities, nil
}
