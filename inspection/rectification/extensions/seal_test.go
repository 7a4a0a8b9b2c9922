package extensions_test

import (
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification/extensions"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestSignsWhatWasShown: what changed after the head looked is not signed unseen.
func TestSignsWhatWasShown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c, file := h.working(t)
	r := tenantstest.Must(h.Ask(t.Context(), h.liaison, c.ID, later(t, "2026-12-31", file)))(t)
	shown := h.one(t, h.head, c.ID)
	if shown.Digest != r.Digest || len(shown.Digest) != 64 {
		t.Errorf("shown under %q and %q", shown.Digest, r.Digest)
	}
	h.Root(`update extensions set until_on = until_on + 1 where id = $1`, r.ID)
	_, err := h.Sign(t.Context(), h.head, r.ID, r.Version, promised(shown))
	tenantstest.Wants(t, err, inspection.Conflict, "extension.changed")
	h.Root(`update extensions set until_on = until_on - 1 where id = $1`, r.ID)
	h.Root(`update evidence set name = '别的.pdf' where id = $1`, file)
	_, err = h.Sign(t.Context(), h.head, r.ID, r.Version, promised(shown))
	tenantstest.Wants(t, err, inspection.Conflict, "extension.changed")
	h.Root(`update evidence set name = '施工合同.pdf' where id = $1`, file)
	if len(shown.Files) != 1 || shown.Files[0].ID != file || shown.Files[0].Name != "施工合同.pdf" || len(shown.Files[0].SHA256) != 64 {
		t.Errorf("the head is shown the files %+v", shown.Files)
	}
	signed := tenantstest.Must(h.Sign(t.Context(), h.head, r.ID, r.Version, promised(shown)))(t)
	if signed.Digest != shown.Digest || !signed.Intact {
		t.Errorf("signed under %q, intact %t", signed.Digest, signed.Intact)
	}
}

// TestEveryByte turns every byte of what a head signed, and changes every column that says
// something of it: neither who decides nor the verifier takes it for what was signed.
func TestEveryByte(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	c, file := h.working(t)
	other, _ := h.working(t)
	r := h.signed(t, later(t, "2026-12-31", file), c.ID)
	hold := func(when string, want int) {
		t.Helper()
		n, broken, err := h.Verify(ctx, h.office)
		if err != nil || n != want || (len(broken) == 0) != (want == 1) {
			t.Errorf("%s: %d hold, %v, %v; want %d", when, n, broken, err, want)
		}
	}
	hold("as signed", 1)
	for _, column := range []string{"content", "digest"} {
		length := tenantstest.RootValue[int](h.House, `select length(`+column+`) from extensions where id = $1`, r.ID)
		if length < 32 {
			t.Fatalf("%s has %d bytes", column, length)
		}
		turn := `update extensions set ` + column + ` = set_byte(` + column + `, $2, get_byte(` + column + `, $2) # 1) where id = $1`
		for i := range length {
			h.Root(turn, r.ID, i)
			n, broken, err := h.Verify(ctx, h.office)
			if err != nil || n != 0 || len(broken) == 0 {
				t.Errorf("byte %d of %s turned: %d hold, %v", i, column, n, err)
			}
			h.Root(turn, r.ID, i)
		}
		h.Root(turn, r.ID, length/2)
		_, err := h.Approve(ctx, h.dir, r.ID, r.Version, extensions.Deciding{Note: "同意"})
		tenantstest.Wants(t, err, inspection.Conflict, "extension.altered")
		_, err = h.Refuse(ctx, h.dir, r.ID, r.Version, "不同意")
		tenantstest.Wants(t, err, inspection.Conflict, "extension.altered")
		if h.one(t, h.dir, c.ID).Intact {
			t.Errorf("a byte of %s turned shows as intact", column)
		}
		h.Root(turn, r.ID, length/2)
	}
	hold("turned back", 1)
	for column, changed := range map[string]string{
		"until_on": "until_on + 1", "from_on": "from_on - 1", "reason": "reason || '。'", "promise": "promise || '。'", "kind": "'long-term'",
		"signed_by": "'别人'", "by_name": "'别人'", "evidence": "evidence || gen_random_uuid()", "n": "n + 1", "approver": "'LG'",
		"issued_at": "issued_at + interval '1 second'", "at": "at + interval '1 second'",
		"unit_id":    "(select id from units where tenant_id = extensions.tenant_id and id <> unit_id limit 1)",
		"finding_id": "'" + other.ID.String() + "'",
	} {
		if column == "unit_id" {
			h.Unit(h.office, "县教育局党组")
		}
		was := tenantstest.RootValue[string](h.House, `select to_jsonb(x)::text from extensions x where id = $1`, r.ID)
		h.Root(`update extensions set `+column+` = `+changed+` where id = $1`, r.ID)
		hold(column+" changed", 0)
		if column != "approver" && column != "unit_id" { // of which others would decide, or another case
			_, err := h.Approve(ctx, h.dir, r.ID, r.Version, extensions.Deciding{Note: "同意"})
			tenantstest.Wants(t, err, inspection.Conflict, "extension.altered")
		}
		h.Root(`update extensions x set `+column+` = (jsonb_populate_record(x, $2::jsonb)).`+column+` where id = $1`, r.ID, was)
	}
	hold("put back", 1)

	// Text and digest exchanged together, for those of another signature: the row holds by
	// itself, and the journal knows nothing of it.
	h.Root(`update extensions set content = null, digest = null, state = 'withdrawn' where id = $1`, r.ID)
	hold("taken away", 0)
}

// TestSealsInALists: each request of a list is sealed under the digest of the list.
func TestSealsInAList(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	a, _ := h.working(t)
	b, _ := h.working(t)
	l := tenantstest.Must(h.AskList(ctx, h.liaison, extensions.ListAsking{Reason: "工期顺延。", Items: lines(t, "2026-12-31", a, b)}))(t)
	names := func(when, want string) {
		t.Helper()
		for _, r := range l.Requests {
			if len(r.Files) != 1 || r.Files[0].Name != want || r.Files[0].ID != r.Evidence[0] {
				t.Errorf("%s: %s rests on %+v, want %s", when, r.Number, r.Files, want)
			}
		}
	}
	// A file that is called otherwise is not what the head was shown.
	names("to be signed", "施工合同.pdf")
	h.Root(`update evidence set name = '别的.pdf'`)
	_, err := h.SignList(ctx, h.head, l.ID, l.Version, extensions.Signing{Promise: promise, Digest: l.Digest})
	tenantstest.Wants(t, err, inspection.Stale, "extension.stale")
	l = tenantstest.Must(h.List(ctx, h.head, l.ID))(t)
	names("called otherwise", "别的.pdf")
	h.Root(`update evidence set name = '施工合同.pdf'`)
	l = tenantstest.Must(h.List(ctx, h.head, l.ID))(t)
	l = tenantstest.Must(h.SignList(ctx, h.head, l.ID, l.Version, extensions.Signing{Promise: promise, Digest: l.Digest}))(t)
	for _, r := range l.Requests {
		if !r.Intact || r.Digest != l.Digest {
			t.Errorf("%s is signed under %q, the list under %q", r.Number, r.Digest, l.Digest)
		}
	}
	h.Root(`update evidence set name = '别的.pdf'`)
	l = tenantstest.Must(h.List(ctx, h.dir, l.ID))(t)
	names("signed", "施工合同.pdf")
	if n, broken, err := h.Verify(ctx, h.office); err != nil || n != 2 || len(broken) != 0 || !l.Intact {
		t.Errorf("%d hold, %v, %v", n, broken, err)
	}
	h.Root(`update extensions set reason = 'x' where id = $1`, l.Requests[1].ID)
	if l = tenantstest.Must(h.List(ctx, h.dir, l.ID))(t); l.Intact {
		t.Error("a list of which one request was changed shows as intact")
	}
	_, err = h.Approve(ctx, h.dir, l.Requests[1].ID, l.Requests[1].Version, extensions.Deciding{Note: "同意"})
	tenantstest.Wants(t, err, inspection.Conflict, "extension.altered")
	tenantstest.Must(h.Approve(ctx, h.dir, l.Requests[0].ID, l.Requests[0].Version, extensions.Deciding{Note: "同意"}))(t)
}

// TestAlteredOnTheWay: what is no longer what was signed is neither passed up, nor
// granted, nor carried out.
func TestAlteredOnTheWay(t *testing.T) {
	t.Parallel()
	h := newHouseBelow(t, 1)
	ctx := t.Context()
	city := h.As(h.City[0], tenants.CITY)
	c, file := h.working(t)
	r := h.signed(t, later(t, "2026-12-31", file), c.ID)
	change := func(sign string) {
		h.Root(`update extensions set until_on = until_on `+sign+` 1 where id = $1`, r.ID)
	}
	change("+")
	_, err := h.Forward(ctx, h.dir, r.ID, r.Version, "拟同意")
	tenantstest.Wants(t, err, inspection.Conflict, "extension.altered")
	change("-")
	r = tenantstest.Must(h.Forward(ctx, h.dir, r.ID, r.Version, "拟同意"))(t)
	change("+")
	_, err = h.Grant(ctx, city, r.ID, r.Version, extensions.Deciding{Note: "同意"})
	tenantstest.Wants(t, err, inspection.Conflict, "extension.altered")
	if tenantstest.Must(h.RaisedOne(ctx, city, r.ID))(t).Intact {
		t.Error("the city sees it as intact")
	}
	change("-")
	tenantstest.Must(h.Grant(ctx, city, r.ID, r.Version, extensions.Deciding{Note: "同意"}))(t)
	change("+")
	tenantstest.Wants(t, h.carry(t), inspection.Conflict, "extension.altered")
	if got := h.read(t, c.ID); got.DueVersion != c.DueVersion {
		t.Error("what was altered moved the deadline")
	}
	change("-")
	if err := h.carry(t); err != nil || h.read(t, c.ID).DueVersion != c.DueVersion+1 {
		t.Errorf("carried out: %v", err)
	}
}
