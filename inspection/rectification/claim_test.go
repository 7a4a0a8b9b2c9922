package rectification_test

import (
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestClaim: one person of a party at a time; the others are told who.
func TestClaim(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	c := h.submitted(t)
	second := h.As(h.office, tenants.DISC)
	tenantstest.Must(h.cases.Claim(ctx, h.disc, c.ID))(t)
	tenantstest.Must(h.cases.Claim(ctx, h.disc, c.ID))(t) // again by the same person
	_, err := h.cases.Claim(ctx, second, c.ID)
	tenantstest.Wants(t, err, inspection.Conflict, "rectification.claimed")
	if !strings.Contains(err.Error(), c.Number+" 已由"+h.disc.Name()+"认领") {
		t.Errorf("%v", err)
	}
	_, err = h.cases.Give(ctx, second, c.ID, opinion(c, rectification.Agree))
	tenantstest.Wants(t, err, inspection.Conflict, "rectification.claimed")
	tenantstest.Must(h.cases.Claim(ctx, h.off, c.ID))(t) // the other party is another matter

	_, err = h.cases.Unclaim(ctx, second, c.ID, tenants.DISC)
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	_, err = h.cases.Unclaim(ctx, h.off, c.ID, tenants.DISC)
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	got := tenantstest.Must(h.cases.Turns(ctx, h.dir, c.ID))(t)
	if len(got.Parties) != 2 || len(got.MayRelease) != 2 || got.MayClaim || *got.Parties[0].DaysLeft != int(got.DueOn-h.cases.Clock.Today()) {
		t.Errorf("the director sees %+v", got)
	}
	tenantstest.Must(h.cases.Unclaim(ctx, h.dir, c.ID, tenants.DISC))(t)
	_, err = h.cases.Unclaim(ctx, h.dir, c.ID, tenants.DISC)
	tenantstest.Wants(t, err, inspection.Conflict, "rectification.not-claimed")
	tenantstest.Must(h.cases.Claim(ctx, second, c.ID))(t)
	tenantstest.Must(h.cases.Unclaim(ctx, second, c.ID, tenants.DISC))(t)
	tenantstest.Must(h.cases.Claim(ctx, second, c.ID))(t)
	tenantstest.Must(h.cases.Give(ctx, second, c.ID, opinion(c, rectification.Agree)))(t)
	_, err = h.cases.Claim(ctx, h.disc, c.ID)
	tenantstest.Wants(t, err, inspection.Conflict, "rectification.opinion-given")
	if got = tenantstest.Must(h.cases.Turns(ctx, h.disc, c.ID))(t); !got.Parties[0].Given || got.Parties[0].DaysLeft != nil || got.MayClaim {
		t.Errorf("after the opinion: %+v", got.Parties[0])
	}
}

// TestClaimLapses: after the policy's days the claim holds nobody back.
func TestClaimLapses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.submitted(t)
	second := h.As(h.office, tenants.DISC)
	got := tenantstest.Must(h.cases.Claim(t.Context(), h.disc, c.ID))(t)
	last := *got.Parties[0].UntilOn
	if want, _ := h.cases.Calendar.Add(h.cases.Clock.Today(), 2); last != want {
		t.Errorf("the claim holds until %s, want %s", last, want)
	}
	h.cases.Clock = inspection.ClockAt(last.Start())
	_, err := h.cases.Give(t.Context(), second, c.ID, opinion(c, rectification.Agree))
	tenantstest.Wants(t, err, inspection.Conflict, "rectification.claimed")
	h.cases.Clock = inspection.ClockAt((last + 1).Start())
	if turns := tenantstest.Must(h.cases.Turns(t.Context(), second, c.ID))(t); turns.Parties[0].ClaimedBy != "" || !turns.MayClaim {
		t.Errorf("lapsed: %+v", turns.Parties[0])
	}
	tenantstest.Must(h.cases.Give(t.Context(), second, c.ID, opinion(c, rectification.Agree)))(t)
}

// TestClaimIsolation: who reviews is the office's own matter.
func TestClaimIsolation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.submitted(t)
	tenantstest.Must(h.cases.Claim(t.Context(), h.disc, c.ID))(t)
	city := tenantstest.Must(h.As(h.City[0], tenants.CITY).Below(h.office))(t)
	for _, tt := range []struct {
		by   tenants.Scope
		want string
		rows int
	}{{h.off, h.disc.Name(), 1}, {h.disc, h.disc.Name(), 1}, {h.liaison, "", 0}, {h.head, "", 0}, {city, "", 0}} {
		turns := tenantstest.Must(h.cases.Turns(t.Context(), tt.by, c.ID))(t)
		if turns.Parties[0].ClaimedBy != tt.want {
			t.Errorf("%s sees that %q has it, want %q", tt.by.Role(), turns.Parties[0].ClaimedBy, tt.want)
		}
		h.Do(h.DB, tt.by, func(tx *tenants.Tx) error {
			var n int
			err := tx.QueryRow(t.Context(), `select count(*) from review_claims`).Scan(&n)
			if n != tt.rows {
				t.Errorf("%s sees %d claims, want %d", tt.by.Role(), n, tt.rows)
			}
			return err
		})
	}
	for _, by := range []tenants.Scope{h.As(h.County[0][1], tenants.DISC), h.As(h.City[1], tenants.CITY)} {
		_, err := h.cases.Turns(t.Context(), by, c.ID)
		tenantstest.Wants(t, err, inspection.NotFound, "not-found")
	}
	_, err := h.cases.Claim(t.Context(), h.head, c.ID)
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	// Past all Go: another party's claim is not the party's to end.
	try := func(by tenants.Scope, want int64) {
		t.Helper()
		h.Do(h.DB, by, func(tx *tenants.Tx) error {
			tag, err := tx.Exec(t.Context(), `update review_claims set version = version + 1`)
			if tag.RowsAffected() != want {
				t.Errorf("%s changes %d claims, want %d", by.Role(), tag.RowsAffected(), want)
			}
			return err
		})
	}
	try(h.off, 0)
	try(h.disc, 1)
	try(h.dir, 1)
	if n := tenantstest.RootValue[int](h.House, `select count(*) from journal where action = 'rectification.claim' and unit_id is null`); n != 1 {
		t.Errorf("%d entries about the claim, want 1", n)
	}
}

// TestOwnOrganisation: a unit that is a party reviews others' items, and not its own.
func TestOwnOrganisation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.submitted(t)
	h.Root(`insert into grants (tenant_id, id, member_id, role, unit_id, from_on) values ($1, gen_random_uuid(), $2, 'UNIT', $3, '2026-01-01')`,
		h.office.ID, h.disc.Member(), h.unit)
	_, err := h.cases.Claim(t.Context(), h.disc, c.ID)
	tenantstest.Wants(t, err, inspection.Forbidden, "rectification.own-work")
	_, err = h.cases.Give(t.Context(), h.disc, c.ID, opinion(c, rectification.Agree))
	tenantstest.Wants(t, err, inspection.Forbidden, "rectification.own-work")
	other := h.As(h.office, tenants.DISC) // of the same party, and never of the unit
	tenantstest.Must(h.cases.Claim(t.Context(), other, c.ID))(t)
	tenantstest.Must(h.cases.Give(t.Context(), other, c.ID, opinion(c, rectification.Agree)))(t)
}
