package signon_test

import (
	"strings"
	"testing"
	"time"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/signon"
	"xuncha/tenants/tenantstest"
)

func TestKeys(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	office, other := r.County[0][0], r.County[0][1]
	keys := &signon.Keys{DB: r.DB, Clock: r.sessions.Clock}
	admin := r.As(office, tenants.ADM)
	key, made, err := keys.Create(t.Context(), admin, signon.NewKey{Name: "月报接口", Role: tenants.OFF, Days: 30})
	if err != nil {
		t.Fatal(err)
	}
	use := func(key string, office tenants.Tenant) (tenants.Scope, signon.Session, error) {
		return r.sessions.Scope(t.Context(), signon.Credential{Token: key}, office.Slug, "")
	}
	s, session, err := use(key, office)
	if err != nil {
		t.Fatal(err)
	}
	if s.Role() != tenants.OFF || s.Name() != "接口：月报接口" || !session.Machine || session.Person != (signon.PersonID{}) {
		t.Errorf("scope = %+v, session = %+v", s, session)
	}
	r.wantCode(s.StepUp(r.sessions.Clock()), "step-up-required")
	if n := tenantstest.RootValue[int](r.House, `select count(*) from sec.machine_keys k where k::text like '%' || $1 || '%'`, key); n != 0 {
		t.Error("the key is stored")
	}

	t.Run("opens nothing else", func(t *testing.T) {
		_, _, err := use(key, other)
		r.wantCode(err, "not-found")
		_, _, err = use(key[:len(key)-1], office)
		r.wantCode(err, "key-invalid")
		_, err = r.scope(key, office, "") // as a cookie
		r.wantCode(err, "sign-in-required")
		_, err = r.sessions.Read(t.Context(), key)
		r.wantCode(err, "sign-in-required")
		_, _, err = r.sessions.Scope(t.Context(), signon.Credential{Token: key}, office.Slug, admin.Grant().String())
		r.wantCode(err, "identity-mismatch")
	})
	t.Run("a session is no token", func(*testing.T) {
		who := r.enrol(office, tenants.OFF, "sub-wen", "闻岚")
		b := r.browser()
		b.signOn(who.sub)
		_, _, err := use(b.session(), office)
		r.wantCode(err, "key-invalid")
	})
	t.Run("listed by the own office", func(t *testing.T) {
		list, err := keys.List(t.Context(), admin)
		if err != nil || len(list) != 1 || list[0].ID != made.ID || list[0].Seen == nil || list[0].Role != tenants.OFF {
			t.Errorf("list = %+v, %v", list, err)
		}
		if list, err := keys.List(t.Context(), r.As(other, tenants.ADM)); err != nil || len(list) != 0 {
			t.Errorf("another office lists %+v, %v", list, err)
		}
		_, err = keys.List(t.Context(), r.As(office, tenants.DIR))
		r.wantCode(err, "forbidden")
	})
	t.Run("revoked by the own office", func(t *testing.T) {
		key, made, err := keys.Create(t.Context(), admin, signon.NewKey{Name: "临时", Role: tenants.OFF, Days: 1})
		if err != nil {
			t.Fatal(err)
		}
		r.wantCode(keys.Revoke(t.Context(), r.As(other, tenants.ADM), made.ID), "not-found")
		r.wantCode(keys.Revoke(t.Context(), r.As(office, tenants.OFF), made.ID), "forbidden")
		if _, _, err := use(key, office); err != nil {
			t.Fatal(err)
		}
		if err := keys.Revoke(t.Context(), admin, made.ID); err != nil {
			t.Fatal(err)
		}
		_, _, err = use(key, office)
		r.wantCode(err, "key-invalid")
		r.wantCode(keys.Revoke(t.Context(), admin, made.ID), "not-found")
		if got := r.acts(office); got[len(got)-1] != "key.revoke: 临时" {
			t.Errorf("journal = %q", got)
		}
	})
	t.Run("ends with its grant", func(t *testing.T) {
		key, _, err := keys.Create(t.Context(), admin, signon.NewKey{Name: "停用", Role: tenants.OFF, Days: 1})
		if err != nil {
			t.Fatal(err)
		}
		r.Root(`update members set state = 'ended' where name = '接口：停用'`)
		_, _, err = use(key, office)
		r.wantCode(err, "key-invalid")
	})
	t.Run("ends by itself", func(*testing.T) {
		r.pass(30*24*time.Hour + time.Minute)
		_, _, err := use(key, office)
		r.wantCode(err, "key-invalid")
	})
	t.Run("needs a fresh proof", func(t *testing.T) {
		_, _, err := keys.Create(t.Context(), admin, signon.NewKey{Name: "x", Role: tenants.OFF, Days: 1})
		r.wantCode(err, "step-up-required")
	})
}

func TestKeysCheck(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	office := r.County[0][0]
	unit := r.Unit(office, "某局")
	keys := &signon.Keys{DB: r.DB, Clock: r.sessions.Clock}
	operator := tenants.ForJob(office, "token")
	for what, n := range map[string]signon.NewKey{
		"no name":             {Role: tenants.OFF, Days: 1},
		"long name":           {Name: strings.Repeat("名", 61), Role: tenants.OFF, Days: 1},
		"no role":             {Name: "x", Days: 1},
		"a job's role":        {Name: "x", Role: tenants.System, Days: 1},
		"the public":          {Name: "x", Role: tenants.Public, Days: 1},
		"a city's role":       {Name: "x", Role: tenants.CITY, Days: 1},
		"an invented role":    {Name: "x", Role: "ROOT", Days: 1},
		"no days":             {Name: "x", Role: tenants.OFF},
		"two years":           {Name: "x", Role: tenants.OFF, Days: 730},
		"unit for an officer": {Name: "x", Role: tenants.OFF, Days: 1, Unit: &unit},
		"no unit for a unit":  {Name: "x", Role: tenants.UNIT, Days: 1},
	} {
		if _, _, err := keys.Create(t.Context(), operator, n); inspection.KindOf(err) != inspection.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
	key, _, err := keys.Create(t.Context(), operator, signon.NewKey{Name: "某局接口", Role: tenants.UNIT, Days: 1, Unit: &unit})
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := r.sessions.Scope(t.Context(), signon.Credential{Token: key}, office.Slug, "")
	if err != nil || s.Unit() != unit {
		t.Errorf("unit = %v, %v", s.Unit(), err)
	}
	if _, _, err := keys.Create(t.Context(), operator, signon.NewKey{Name: "运维", Role: tenants.PLAT, Days: 1}); err != nil {
		t.Errorf("whoever runs the service makes no operator's key: %v", err)
	}
	_, _, err = keys.Create(t.Context(), r.As(office, tenants.ADM), signon.NewKey{Name: "运维", Role: tenants.PLAT, Days: 1})
	r.wantCode(err, "validation") // it would show the jobs of all offices
	for _, role := range []tenants.Role{tenants.DIR, tenants.LG, tenants.DISC, tenants.ORG} {
		_, _, err = keys.Create(t.Context(), r.As(office, tenants.ADM), signon.NewKey{Name: "x", Role: role, Days: 1})
		r.wantCode(err, "validation") // it would do for the administrator what is not his
		if _, _, err := keys.Create(t.Context(), operator, signon.NewKey{Name: "x", Role: role, Days: 1}); err != nil {
			t.Errorf("the operator makes no key for %s: %v", role, err)
		}
	}
	_, _, err = keys.Create(t.Context(), r.As(office, tenants.DIR), signon.NewKey{Name: "x", Role: tenants.OFF, Days: 1})
	r.wantCode(err, "forbidden")
}
