package main

import (
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestFirstAdministrator opens an office and appoints somebody who signed on.
func TestFirstAdministrator(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	logins := developing(t, h).Logins
	env := map[string]string{
		"XUNCHA_DATABASE_URL": logins.App, "XUNCHA_OWNER_DATABASE_URL": logins.Owner, "XUNCHA_JOBS_DATABASE_URL": logins.Jobs,
	}
	out, err := try(t, env, "office", "add", "--parent", h.City[0].Slug, "--level", "county", "--slug", "xinxian", "--name", "新县",
		"--office", "中共新县县委巡察工作领导小组办公室", "--short", "新县县委巡察办", "--code", "990129", "--org-code", "ORG990129", "--prefix", "XX")
	if err != nil || !strings.Contains(out, "xinxian: number") {
		t.Fatalf("office add: %v, %s", err, out)
	}
	office, err := h.BySlug(t.Context(), "xinxian")
	if err != nil || h.City[0].Lo > office.Lo || office.Hi > h.City[0].Hi {
		t.Fatalf("the office stands at %d to %d (%v), not below the city", office.Lo, office.Hi, err)
	}
	member := inspection.NewID[inspection.MemberID]()
	h.Root(`insert into members (tenant_id, id, name, post, state, asked_at) values ($1, $2, '新人', '干部', 'pending', now())`, office.ID, member)
	if out, err := try(t, env, "member", "list", "--office", "xinxian"); err != nil || !strings.Contains(out, member.String()+"  pending") {
		t.Fatalf("member list: %v, %s", err, out)
	}
	if _, err := try(t, env, "member", "appoint", "--office", "xinxian", member.String(), "--reason", "县委决定"); err != nil {
		t.Fatal(err)
	}
	role := tenantstest.RootValue[string](h, `
		select m.state || ' ' || g.role from members m join grants g on g.tenant_id = m.tenant_id and g.member_id = m.id
		where m.id = $1`, member)
	if role != "active "+string(tenants.ADM) {
		t.Errorf("the first administrator is %s", role)
	}
	if _, err := try(t, env, "member", "appoint", "--office", h.County[0][0].Slug, member.String(), "--reason", "县委决定"); err == nil {
		t.Error("a member of one office was appointed in another")
	}
	if out, err := try(t, env, "rollups", "rebuild"); err != nil || out != "0 counts were wrong\n" {
		t.Errorf("rollups rebuild: %v, %s", err, out)
	}
}
