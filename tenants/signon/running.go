package signon

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Running is a session that still runs, as its owner sees it in the list of
// devices (登录设备).
type Running struct {
	ID      SessionID `json:"id" format:"uuid"`
	Device  string    `json:"device" doc:"Chrome · Windows"`
	Opened  time.Time `json:"opened"`
	Seen    time.Time `json:"seen" doc:"Last use, to the minute"`
	Ends    time.Time `json:"ends" doc:"When it ends at the latest"`
	Current bool      `json:"current" doc:"The session that asks"`

	name   string // of its person
	sid    string // the portal's name for its own session
	office tenants.Tenant
}

// Why a session ended.
const (
	bySignOut  = "sign-out"      // the person left
	byPortal   = "portal"        // the portal said so
	byReplaced = "replaced"      // the browser signed on again
	byRevoked  = "revoked"       // the person ended it from another one
	byReplay   = "code-replayed" // its code was used a second time
)

var endTitles = map[string]string{
	bySignOut: "退出登录", byPortal: "门户通知退出", byReplaced: "重新登录", byRevoked: "在其他设备上结束登录", byReplay: "登录凭据被重复使用，结束登录",
}

// which picks sessions. At least one of token, person, code, sub and sid is set.
type which struct {
	token    []byte
	person   *PersonID
	code     []byte
	iss      *string
	sub, sid *string
}

func (s *Sessions) running(ctx context.Context, w which) ([]Running, error) {
	rows, _ := s.Pool.Query(ctx, `
		select r.id as session_id, r.device, r.opened_at, r.seen_at, r.ends_at, r.sid, r.name as person_name, `+officeColumns+`
		from sec.sessions_open(@token, @person, @code, @iss, @sub, @sid, @at) r
		join tenants t on t.id = r.tenant_id`,
		pgx.StrictNamedArgs{
			"token": w.token, "person": w.person, "code": w.code, "iss": w.iss, "sub": w.sub, "sid": w.sid, "at": s.Clock(),
		})
	type row struct {
		ID         uuid.UUID `db:"session_id"`
		Device     string    `db:"device"`
		Opened     time.Time `db:"opened_at"`
		Seen       time.Time `db:"seen_at"`
		Ends       time.Time `db:"ends_at"`
		SID        string    `db:"sid"`
		PersonName string    `db:"person_name"`
		tenants.Tenant
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, unavailable("list sessions", err)
	}
	list := make([]Running, len(found))
	for i, r := range found {
		list[i] = Running{
			ID: SessionID{r.ID}, Device: r.Device, Opened: r.Opened, Seen: r.Seen, Ends: r.Ends,
			name: r.PersonName, sid: r.SID, office: r.Tenant,
		}
	}
	return list, nil
}

// List lists the sessions of the person who asks, newest use first.
func (s *Sessions) List(ctx context.Context, who Session) ([]Running, error) {
	if who.Machine {
		return nil, nil
	}
	list, err := s.running(ctx, which{person: &who.Person})
	for i := range list {
		list[i].Current = list[i].ID == who.ID
	}
	return list, err
}

// Revoke ends one of the sessions of the person who asks.
func (s *Sessions) Revoke(ctx context.Context, who Session, session SessionID) error {
	return s.revoke(ctx, who, func(r Running) bool { return r.ID == session })
}

// RevokeOthers ends all sessions of the person who asks but the one that asks.
func (s *Sessions) RevokeOthers(ctx context.Context, who Session) error {
	err := s.revoke(ctx, who, func(r Running) bool { return r.ID != who.ID })
	if inspection.KindOf(err) == inspection.NotFound {
		return nil
	}
	return err
}

func (s *Sessions) revoke(ctx context.Context, who Session, match func(Running) bool) error {
	list, err := s.List(ctx, who)
	if err != nil {
		return err
	}
	chosen := list[:0]
	for _, r := range list {
		if match(r) {
			chosen = append(chosen, r)
		}
	}
	if len(chosen) == 0 {
		return inspection.Errorf(inspection.NotFound, "not-found", "没有找到，或你没有查看权限。")
	}
	return s.end(ctx, chosen, byRevoked, nil)
}

// leave ends the session of a key, if it runs.
func (s *Sessions) leave(ctx context.Context, key, by string) error {
	if key == "" {
		return nil
	}
	return s.endAll(ctx, which{token: digest(key)}, by)
}

// endAll ends the sessions that match, all of one person.
func (s *Sessions) endAll(ctx context.Context, w which, by string) error {
	list, err := s.running(ctx, w)
	if err != nil || len(list) == 0 {
		return err
	}
	return s.end(ctx, list, by, nil)
}

// end ends sessions of one person, and writes that down where the first of them
// was written down. first, if given, goes before in the same transaction.
func (s *Sessions) end(ctx context.Context, list []Running, by string, first func(*tenants.Tx) error) error {
	ids := make([]uuid.UUID, len(list))
	for i, r := range list {
		ids[i] = r.ID.UUID
	}
	return s.DB.In(ctx, tenants.ForJob(list[0].office, "sign-on"), func(tx *tenants.Tx) error {
		if first != nil {
			if err := first(tx); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `select sec.sessions_end(@ids, @by, @at)`,
			pgx.StrictNamedArgs{"ids": ids, "by": by, "at": s.Clock()})
		if err != nil {
			return err
		}
		for _, r := range list {
			tx.Journal(tenants.Entry{
				Action: "session.end", Object: "session", ID: r.ID.UUID,
				Detail: tenants.Detail{Title: endTitles[by], Text: r.name + " · " + r.Device},
			})
		}
		return nil
	})
}
