package signon_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/signon"
	"xuncha/tenants/tenantstest"
)

func TestBI053SessionKeys(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	office := r.County[0][0]
	who := r.enrol(office, tenants.OFF, "sub-wen", "闻岚")
	b := r.browser()
	b.signOn(who.sub)
	key := b.session()
	if _, err := r.scope(key, office, ""); err != nil {
		t.Fatal(err)
	}
	id := tenantstest.RootValue[string](r.House, `select id::text from sec.sessions`)
	hash := tenantstest.RootValue[string](r.House, `select encode(token, 'hex') from sec.sessions`)
	for what, bad := range map[string]string{
		"none": "", "random": "xs_ABCDEFGHIJKLMNOPQRSTUVWXYZ", "truncated": key[:len(key)-1], "longer": key + "A",
		"lower case": strings.ToLower(key), "without its beginning": strings.TrimPrefix(key, "xs_"), "as a machine's": "xc_" + key[3:],
		"the session's id": id, "the stored digest": hash, "huge": "xs_" + strings.Repeat("A", 1<<20), "NUL": key + "\x00",
	} {
		_, err := r.scope(bad, office, "")
		r.wantCode(err, "sign-in-required")
		if _, _, err := r.sessions.Scope(t.Context(), signon.Credential{Token: bad + "x", Session: key}, office.Slug, ""); inspection.KindOf(err) != inspection.Unsigned {
			t.Errorf("%s as a token: %v", what, err)
		}
	}

	t.Run("another person's session opens that person's office only", func(*testing.T) {
		theirs := r.County[0][1]
		r.enrol(theirs, tenants.OFF, "sub-fang", "方予")
		_, err := r.scope(key, theirs, "")
		r.wantCode(err, "not-found")
		_, err = r.scope(key, tenants.Tenant{Slug: "nowhere"}, "")
		r.wantCode(err, "not-found")
	})
}

func TestBI055Expiry(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	office := r.County[0][0]
	who := r.enrol(office, tenants.OFF, "sub-wen", "闻岚")
	t.Run("idle", func(t *testing.T) {
		b := r.browser()
		b.signOn(who.sub)
		r.pass(29 * time.Minute)
		if _, err := r.scope(b.session(), office, ""); err != nil {
			t.Errorf("after 29 minutes: %v", err)
		}
		r.pass(29 * time.Minute)
		if _, err := r.scope(b.session(), office, ""); err != nil {
			t.Errorf("after another 29 minutes: %v", err)
		}
		r.pass(30*time.Minute + 5*time.Second)
		_, err := r.scope(b.session(), office, "")
		r.wantCode(err, "session-expired")
		if page := b.open("/auth/sign-in?return=/w/draft"); page.url.Path != "/w/draft" {
			t.Errorf("signing on again leads to %s", page.url)
		}
	})
	t.Run("absolute", func(t *testing.T) {
		b := r.browser()
		b.signOn(who.sub)
		for range 23 {
			r.pass(25 * time.Minute)
			if _, err := r.scope(b.session(), office, ""); err != nil {
				t.Fatal(err)
			}
		}
		r.pass(25*time.Minute + 5*time.Second)
		_, err := r.scope(b.session(), office, "")
		r.wantCode(err, "session-expired")
	})
	t.Run("the end is told, and telling does not move it", func(t *testing.T) {
		b := r.browser()
		b.signOn(who.sub)
		left := func() (rests, ends time.Duration) {
			at, last, err := r.sessions.Ends(t.Context(), b.session())
			if err != nil {
				t.Fatal(err)
			}
			now := r.sessions.Clock()
			return at.Sub(now).Round(time.Minute), last.Sub(now).Round(time.Minute)
		}
		r.pass(10 * time.Minute)
		for range 2 {
			if rests, ends := left(); rests != 20*time.Minute || ends != 9*time.Hour+50*time.Minute {
				t.Errorf("rests in %s, ends in %s", rests, ends)
			}
		}
		if _, err := r.scope(b.session(), office, ""); err != nil {
			t.Fatal(err)
		}
		if rests, _ := left(); rests != 30*time.Minute {
			t.Errorf("rests in %s after a request", rests)
		}
		for range 22 {
			r.pass(26 * time.Minute)
			if _, err := r.scope(b.session(), office, ""); err != nil {
				t.Fatal(err)
			}
		}
		if rests, ends := left(); rests != ends || ends > 20*time.Minute {
			t.Errorf("at the end it rests in %s, ends in %s", rests, ends)
		}
		for name, session := range map[string]string{"nobody": "", "a stranger": "xs_ABCDEFGHIJKLMNOPQRSTUVWXYZ"} {
			_, _, err := r.sessions.Ends(t.Context(), session)
			if inspection.KindOf(err) != inspection.Unsigned {
				t.Errorf("%s: %v", name, err)
			}
		}
		r.pass(31 * time.Minute)
		_, _, err := r.sessions.Ends(t.Context(), b.session())
		r.wantCode(err, "session-expired")
	})
	t.Run("seen is written once a minute", func(t *testing.T) {
		b := r.browser()
		b.signOn(who.sub)
		written := func() string {
			if _, err := r.scope(b.session(), office, ""); err != nil {
				t.Fatal(err)
			}
			return tenantstest.RootValue[string](r.House, `select xmin::text from sec.sessions order by opened_at desc limit 1`)
		}
		before := written()
		if after := written(); after != before {
			t.Error("two requests in a minute wrote twice")
		}
		r.pass(61 * time.Second)
		if after := written(); after == before {
			t.Error("a request after a minute wrote nothing")
		}
	})
}

func TestBI056Identity(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	office := r.County[0][0]
	who := r.enrol(office, tenants.OFF, "sub-wen", "闻岚")
	b := r.browser()
	b.signOn(who.sub)
	own := who.Grant().String()
	if s, err := r.scope(b.session(), office, own); err != nil || s.Role() != tenants.OFF {
		t.Errorf("the one identity, named: %v %v", s.Role(), err)
	}
	second := tenantstest.RootValue[string](r.House, `insert into grants (tenant_id, id, member_id, role, from_on)
		values ($1, gen_random_uuid(), $2, 'MEM', '2026-01-01') returning id::text`, office.ID, who.Member())
	_, err := r.scope(b.session(), office, "")
	r.wantCode(err, "identity-required")
	for id, role := range map[string]tenants.Role{own: tenants.OFF, second: tenants.MEM} {
		s, err := r.scope(b.session(), office, id)
		if err != nil || s.Role() != role || s.Grant().String() != id {
			t.Errorf("identity %s gives %v, %v, want %s", id, s.Role(), err, role)
		}
	}
	foreign := r.As(office, tenants.DIR) // somebody else's grant in the same office
	for _, id := range []string{foreign.Grant().String(), "nonsense", "00000000-0000-0000-0000-000000000000", strings.ToUpper(own)} {
		_, err := r.scope(b.session(), office, id)
		r.wantCode(err, "identity-mismatch")
	}
}

// TestBI057TakenAway takes rights away while the session lives. The next request
// must see it.
func TestBI057TakenAway(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	office, elsewhere := r.County[0][0], r.County[0][1]
	who := r.enrol(office, tenants.DIR, "sub-wen", "闻岚")
	b := r.browser()
	b.signOn(who.sub)
	steps := []struct {
		what, sql, code string
	}{
		{"another role", `update grants set role = 'OFF' where id = $2 and tenant_id = $1`, ""},
		{"grant over since yesterday", `update grants set until_on = '2026-11-19' where id = $2 and tenant_id = $1`, "no-grant"},
		{"grant to the end of today", `update grants set until_on = '2026-11-20' where id = $2 and tenant_id = $1`, ""},
		{"grant from tomorrow", `update grants set from_on = '2026-11-21', until_on = null where id = $2 and tenant_id = $1`, "no-grant"},
		{"grant again", `update grants set from_on = '2026-11-20' where id = $2 and tenant_id = $1`, ""},
		{"held", `update members m set state = 'held' from grants g where g.id = $2 and m.tenant_id = $1 and m.id = g.member_id`, "identity-changed"},
		{"pending", `update members m set state = 'pending' from grants g where g.id = $2 and m.tenant_id = $1 and m.id = g.member_id`, "member-pending"},
		{"ended", `update members m set state = 'ended' from grants g where g.id = $2 and m.tenant_id = $1 and m.id = g.member_id`, "account-ended"},
	}
	for _, step := range steps {
		r.Root(step.sql, office.ID, who.Grant())
		s, err := r.scope(b.session(), office, "")
		r.wantCode(err, step.code)
		if step.code == "" && s.Role() != tenants.OFF {
			t.Errorf("%s: role %s, want OFF", step.what, s.Role())
		}
	}
	t.Run("ended here, somebody elsewhere", func(*testing.T) {
		r.Root(`insert into members (tenant_id, id, person_id, name, state)
			select $1, gen_random_uuid(), person_id, name, 'active' from members where id = $2`, elsewhere.ID, who.Member())
		_, err := r.scope(b.session(), office, "")
		r.wantCode(err, "not-found")
	})
}

func TestRunning(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	office := r.County[0][0]
	who := r.enrol(office, tenants.OFF, "sub-wen", "闻岚")
	r.enrol(office, tenants.OFF, "sub-fang", "方予")
	read := func(b *browser) signon.Session {
		t.Helper()
		s, err := r.sessions.Read(t.Context(), b.session())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first, second, third, other := r.browser(), r.browser(), r.browser(), r.browser()
	for _, b := range []*browser{first, second, third} {
		b.signOn(who.sub)
		r.pass(time.Second)
	}
	other.signOn("sub-fang")
	mine := read(first)
	list, err := r.sessions.List(t.Context(), mine)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 3 || !list[2].Current || list[0].Current || list[2].ID != mine.ID || list[0].Device == "" {
		t.Errorf("list = %+v", list)
	}
	err = r.sessions.Revoke(t.Context(), mine, read(other).ID)
	r.wantCode(err, "not-found")
	read(other)
	if err := r.sessions.Revoke(t.Context(), mine, read(second).ID); err != nil {
		t.Fatal(err)
	}
	_, err = r.scope(second.session(), office, "")
	r.wantCode(err, "session-expired")
	read(third)
	if err := r.sessions.RevokeOthers(t.Context(), mine); err != nil {
		t.Fatal(err)
	}
	_, err = r.scope(third.session(), office, "")
	r.wantCode(err, "session-expired")
	read(first)
	read(other)
	if err := r.sessions.RevokeOthers(t.Context(), mine); err != nil {
		t.Errorf("with no others: %v", err)
	}
	got := slices.DeleteFunc(r.acts(office), func(s string) bool { return !strings.HasPrefix(s, "session.end") })
	if len(got) != 2 {
		t.Errorf("journal = %q", got)
	}
}

func TestEnrol(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	office, other := r.County[0][0], r.County[0][1]
	who := r.enrol(office, tenants.OFF, "sub-wen", "闻岚")
	admin := r.As(office, tenants.ADM)
	enrol := func(s tenants.Scope, member inspection.MemberID, sub string) error {
		return r.sessions.Enrol(t.Context(), s, member, r.issuer, sub, office.OrgCode)
	}
	if err := enrol(admin, who.Member(), "sub-wen"); err != nil {
		t.Errorf("the same again: %v", err)
	}
	r.wantCode(enrol(admin, who.Member(), "sub-else"), "member-bound")
	r.wantCode(enrol(r.As(other, tenants.ADM), who.Member(), "sub-else"), "member-bound") // not a member there
	r.wantCode(enrol(r.As(office, tenants.DIR), r.As(office, tenants.OFF).Member(), "sub-new"), "forbidden")
	if err := enrol(admin, r.As(office, tenants.OFF).Member(), "sub-new"); err != nil {
		t.Error(err)
	}
	r.pass(10 * time.Minute)
	r.wantCode(enrol(admin, r.As(office, tenants.OFF).Member(), "sub-newer"), "step-up-required")
}

// TestOnlyDoor makes sure that logins reach people, sessions and keys through
// the functions alone, and the wrong logins not even so.
func TestOnlyDoor(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	denied := func(login, sql string) {
		t.Helper()
		_, err := r.Login(login).Exec(t.Context(), sql)
		if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.Code != "42501" {
			t.Errorf("%s: %s: %v, want insufficient privilege", login, sql, err)
		}
	}
	for _, login := range []string{"xuncha_app", "xuncha_jobs", "xuncha_public", "xuncha_intake"} {
		for _, table := range []string{"people", "sessions", "sign_ins", "logout_tokens", "machine_keys"} {
			denied(login, `select * from sec.`+table)
			denied(login, `delete from sec.`+table)
		}
	}
	for _, login := range []string{"xuncha_jobs", "xuncha_public", "xuncha_intake"} {
		denied(login, `select sec.session_read('\x', now())`)
		denied(login, `select sec.acting('\x', '', null, now(), current_date)`)
		denied(login, `select sec.sessions_end('{}', 'portal', now())`)
	}
	if _, err := r.Login("xuncha_app").Exec(t.Context(), `select sec.session_read('\x', now())`); err != nil {
		t.Errorf("the application: %v", err)
	}
}
