package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/tenants/signon"
	"xuncha/tenants/tenantstest"
)

// TestToken makes, uses, lists and revokes a token as an operator does.
func TestToken(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	office := h.County[0][0]
	at := h.Pool.Config().ConnConfig
	application := fmt.Sprintf("host=%s port=%d user=%s dbname=%s sslmode=disable", at.Host, at.Port, at.User, at.Database)
	getenv := func(name string) string {
		if name == "XUNCHA_DATABASE_URL" {
			return application
		}
		return ""
	}
	xuncha := func(args ...string) (string, error) {
		var out, errs bytes.Buffer
		err := run(t.Context(), append([]string{"token"}, args...), getenv, &out, &errs)
		return out.String(), err
	}
	key, err := xuncha("create", "--office", office.Slug, "--role", "off", "--name", "月报接口", "--days", "7")
	if err != nil {
		t.Fatal(err)
	}
	key = strings.TrimSpace(key)
	sessions := &signon.Sessions{DB: h.DB, Pool: h.Pool, Clock: inspection.SystemClock}
	use := func() error {
		_, _, err := sessions.Scope(t.Context(), signon.Credential{Token: key}, office.Slug, "")
		return err
	}
	if err := use(); err != nil {
		t.Fatal(err)
	}
	list, err := xuncha("list", "--office", office.Slug)
	if err != nil || !strings.Contains(list, "月报接口") || !strings.Contains(list, "works") || strings.Contains(list, key) {
		t.Fatalf("list = %s, %v", list, err)
	}
	id, _, _ := strings.Cut(strings.Split(list, "\n")[1], " ")
	if _, err := xuncha("revoke", "--office", h.County[0][1].Slug, id); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("revoked by another office: %v", err)
	}
	if _, err := xuncha("revoke", "--office", office.Slug, id); err != nil {
		t.Fatal(err)
	}
	if err := use(); inspection.CodeOf(err) != "key-invalid" {
		t.Errorf("after that: %v", err)
	}
	if list, _ := xuncha("list", "--office", office.Slug); !strings.Contains(list, "revoked") {
		t.Errorf("list = %s", list)
	}
	for what, args := range map[string][]string{
		"an unknown office":    {"create", "--office", "nowhere", "--role", "OFF", "--name", "x"},
		"an unknown role":      {"create", "--office", office.Slug, "--role", "ROOT", "--name", "x"},
		"two years":            {"create", "--office", office.Slug, "--role", "OFF", "--name", "x", "--days", "730"},
		"a unit that is no id": {"create", "--office", office.Slug, "--role", "UNIT", "--unit", "x", "--name", "x"},
	} {
		if out, err := xuncha(args...); err == nil {
			t.Errorf("%s: %s", what, out)
		}
	}
}
