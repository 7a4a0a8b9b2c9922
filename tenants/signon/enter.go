package signon

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// claims are who the portal says has come. They are checked when they get here.
type claims struct {
	iss, sub, sid      string
	name               string
	orgCode, orgName   string
	post               string
	acr                string
	authTime, issuedAt time.Time // on the portal's clock; authTime is zero if it was not told
}

// entry is everything needed to open a session.
type entry struct {
	claims
	code          []byte // digest of the code
	device        string
	strong        time.Time // on our clock; zero without a second factor
	old           string    // key of the session that the browser had before
	idle, longest time.Duration
}

// Outcomes of a sign-on.
const (
	entered  = "active"
	waiting  = "pending"
	heldBack = "held"
	nowhere  = "nowhere" // no office goes by the portal's organisation code
)

// enter ends the browser's earlier session, opens one for who has come, and
// returns its key. In one transaction it notes what the portal says of the
// person, lets an unknown one wait in the office of the organisation code, opens
// the session, and writes all of it down.
func (s *Sessions) enter(ctx context.Context, e entry) (key, outcome string, err error) {
	if err := s.leave(ctx, e.old, byReplaced); err != nil {
		return "", "", err
	}
	now := s.Clock()
	a, err := s.authority(ctx, `sec.sign_on_office($1, $2, $3, $4)`, e.iss, e.sub, e.orgCode, inspection.DayOf(now))
	if err != nil {
		return "", "", err
	}
	if !a.id.Valid {
		return "", nowhere, nil
	}
	scope := tenants.ForJob(a.office(), "sign-on")
	if a.role.Valid {
		scope = a.scope()
	}
	key = newKey(sessionPrefix)
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		var person PersonID
		if person, outcome, err = seen(ctx, tx, e.claims, now); err != nil {
			return err
		}
		return open(ctx, tx, e, person, key, now)
	})
	if err != nil {
		return "", "", fmt.Errorf("%w: enter: %w", errOurs, err)
	}
	return key, outcome, nil
}

// seen notes what the portal says of a person.
func seen(ctx context.Context, tx *tenants.Tx, c claims, now time.Time) (person PersonID, outcome string, err error) {
	var member uuid.UUID
	var news string
	err = tx.QueryRow(ctx, `
		select person, member, outcome, news
		from sec.person_seen(@person, @member, @iss, @sub, @name, @org_code, @org_name, @post, @at)`,
		pgx.StrictNamedArgs{
			"person": inspection.NewID[PersonID](), "member": inspection.NewID[inspection.MemberID](), "iss": c.iss,
			"sub": c.sub, "name": c.name, "org_code": c.orgCode, "org_name": c.orgName, "post": c.post, "at": now,
		}).Scan(&person, &member, &outcome, &news)
	if err != nil {
		return person, "", err
	}
	entry := tenants.Entry{Object: "member", ID: member}
	switch news {
	case "asked":
		entry.Action, entry.Detail = "member.ask", tenants.Detail{Title: "登记，等待开通", Text: c.name + " · " + c.orgName}
		tx.Journal(entry)
	case "held":
		entry.Action, entry.Detail = "member.hold", tenants.Detail{Title: "门户信息有变化，暂停使用", Text: c.name + " · " + c.orgName}
		tx.Journal(entry)
	}
	return person, outcome, nil
}

func open(ctx context.Context, tx *tenants.Tx, e entry, person PersonID, key string, now time.Time) error {
	session := inspection.NewID[SessionID]()
	var strong *time.Time
	if !e.strong.IsZero() {
		strong = &e.strong
	}
	_, err := tx.Exec(ctx, `
		select sec.session_open(@id, @token, @person, @sid, @code, @device, @strong, @at, @idle, @longest)`,
		pgx.StrictNamedArgs{
			"id": session, "token": digest(key), "person": person, "sid": e.sid, "code": e.code, "device": e.device,
			"strong": strong, "at": now, "idle": e.idle, "longest": e.longest,
		})
	if err != nil {
		return err
	}
	tx.Journal(tenants.Entry{
		Action: "session.open", Object: "session", ID: session.UUID,
		Detail: tenants.Detail{Title: "登录", Text: e.name + " · " + e.device},
	})
	return nil
}

// strengthen notes a step-up of a session and returns its new key, or "" if the
// session is over or belongs to another person.
func (s *Sessions) strengthen(ctx context.Context, session SessionID, e entry) (string, error) {
	key := newKey(sessionPrefix)
	var done bool
	err := s.Pool.QueryRow(ctx, `select sec.session_strengthen(@id, @token, @iss, @sub, @sid, @strong, @at)`,
		pgx.StrictNamedArgs{
			"id": session, "token": digest(key), "iss": e.iss, "sub": e.sub, "sid": e.sid, "strong": e.strong, "at": s.Clock(),
		}).Scan(&done)
	if err != nil {
		return "", unavailable("strengthen session", err)
	}
	if !done {
		return "", nil
	}
	return key, nil
}

// Enrol binds a member of the scope's office to a person of the portal before
// that person first signs on, so that they need not wait. It is for those who
// keep the office's settings.
func (s *Sessions) Enrol(ctx context.Context, scope tenants.Scope, member inspection.MemberID, iss, sub, orgCode string) error {
	return s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if err := mayKeepSettings(scope, s.Clock()); err != nil {
			return err
		}
		var person *uuid.UUID
		err := tx.QueryRow(ctx, `select sec.enrol(@person, @member, @iss, @sub, @org)`, pgx.StrictNamedArgs{
			"person": inspection.NewID[PersonID](), "member": member, "iss": iss, "sub": sub, "org": orgCode,
		}).Scan(&person)
		if err != nil {
			return fmt.Errorf("enrol: %w", err)
		}
		if person == nil {
			return inspection.Errorf(inspection.Conflict, "member-bound", "该人员已与另一个门户账号绑定，未作更改。")
		}
		tx.Journal(tenants.Entry{
			Action: "member.enrol", Object: "member", ID: member.UUID, Detail: tenants.Detail{Title: "绑定门户账号"},
		})
		return nil
	})
}

// mayKeepSettings lets the office's administrator through, freshly recognised,
// and the operator's command line.
func mayKeepSettings(scope tenants.Scope, now time.Time) error {
	if scope.Role() == tenants.System {
		return nil
	}
	if err := scope.Role().Allow(tenants.ADM); err != nil {
		return err
	}
	return scope.StepUp(now)
}
