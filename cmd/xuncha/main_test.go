package main

import (
	"bytes"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// try runs the program in this process with an environment of its own.
func try(t *testing.T, env map[string]string, args ...string) (stdout string, err error) {
	t.Helper()
	var out, errs bytes.Buffer
	err = run(t.Context(), args, func(name string) string { return env[name] }, &out, &errs)
	return out.String(), err
}

func TestCommands(t *testing.T) {
	t.Parallel()
	if out, err := try(t, nil, "--help"); err != nil || !strings.Contains(out, "Commands:") {
		t.Errorf("help: %v, %s", err, out)
	}
	if _, err := try(t, nil); err == nil {
		t.Error("no command is a command")
	}
	if _, err := try(t, nil, "surprise"); err == nil || !strings.Contains(err.Error(), "surprise") {
		t.Errorf("an unknown command: %v", err)
	}
	if _, err := try(t, nil, "serve"); err == nil || !strings.Contains(err.Error(), "XUNCHA_DATABASE_URL") {
		t.Errorf("serving without settings: %v", err)
	}
	golden, err := os.ReadFile("../../api/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := try(t, nil, "openapi"); err != nil || out != string(golden) {
		t.Errorf("openapi prints something else than api/openapi.yaml (%v)", err)
	}
}

// TestAuditVerify finds a changed entry, and names the office.
func TestAuditVerify(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	db := tenants.NewDB(h.Pool, inspection.SystemClock)
	for _, office := range []tenants.Tenant{h.County[0][0], h.County[0][1]} {
		err := db.In(t.Context(), tenants.ForJob(office, "test"), func(tx *tenants.Tx) error {
			tx.Journal(tenants.Entry{Action: "test", Object: "test", Detail: tenants.Detail{Title: "一"}})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	env := map[string]string{"XUNCHA_DATABASE_URL": developing(t, h).Logins.App}
	out, err := try(t, env, "audit", "verify")
	if err != nil || strings.Count(out, "entries hold") != 9 {
		t.Fatalf("whole journals: %v\n%s", err, out)
	}
	changed := h.County[0][1]
	h.Root(`alter table journal disable trigger user`)
	h.Root(`update journal set actor_name = '别人' where tenant_id = $1`, changed.ID)
	out, err = try(t, env, "audit", "verify")
	if !errors.Is(err, errBroken) || !strings.Contains(out, changed.Slug+": BROKEN at entry 1") {
		t.Errorf("a changed journal: %v\n%s", err, out)
	}
	if out, err = try(t, env, "audit", "verify", "--office", h.County[0][0].Slug); err != nil || strings.Count(out, "\n") != 1 {
		t.Errorf("one whole office: %v\n%s", err, out)
	}
	if _, err = try(t, env, "audit", "verify", "--office", "nowhere"); err == nil {
		t.Error("an office that does not exist is whole")
	}
}

// TestEveryRoomIsFurnished fails the day the API gets a room that nobody wires.
func TestEveryRoomIsFurnished(t *testing.T) {
	t.Parallel()
	r := newRooms(nil, inspection.SystemClock, inspection.PublishedCalendar(), nil)
	v := reflect.ValueOf(r.operations())
	for i := range v.NumField() {
		if v.Field(i).IsNil() {
			t.Errorf("the API's room %s is empty: fill it in rooms.go", v.Type().Field(i).Name)
		}
	}
}
