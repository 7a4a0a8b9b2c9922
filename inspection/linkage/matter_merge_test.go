package linkage_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// kin are matters of three counties of one city that the city accepted: two counties of
// its own, and a second matter of the first.
type kin struct {
	*chain
	city tenants.Scope
	ms   []linkage.Matter
}

// raisedBy raises a matter of an office's finding, up to the city, in words of its own.
func (c *chain) raisedBy(office tenants.Tenant, finding int, words string) linkage.Matter {
	c.t.Helper()
	ctx, off, dir := c.t.Context(), c.As(office, tenants.OFF), c.As(office, tenants.DIR)
	r := raising
	r.Title, r.Why = words, words+"的原因"
	m := tenantstest.Must(c.Raise(ctx, off, c.findings[office.ID][finding], r))(c.t)
	m = tenantstest.Must(c.SubmitMatter(ctx, off, m.ID, m.Version))(c.t)
	return tenantstest.Must(c.Approve(ctx, dir, m.ID, m.Version))(c.t)
}

func newKin(t *testing.T) *kin {
	t.Helper()
	c := newChain(t)
	k := &kin{chain: c, city: c.As(c.City[0], tenants.CITY)}
	for i, office := range []tenants.Tenant{c.County[0][0], c.County[0][1], c.County[0][0]} {
		m := c.raisedBy(office, i/2, []string{"甲县之事", "乙县之事", "甲县另一事"}[i])
		k.ms = append(k.ms, tenantstest.Must(c.Take(t.Context(), k.city, m.ID, m.Version, linkage.Taking{}))(t))
	}
	return k
}

// again reads a matter as the city sees it.
func (k *kin) again(i int) linkage.MatterView {
	k.t.Helper()
	return tenantstest.Must(k.GetMatter(k.t.Context(), k.city, k.ms[i].ID))(k.t)
}

func (k *kin) merge(i int, with ...int) (linkage.Matter, error) {
	ids := make([]inspection.EscalationID, len(with))
	for j, w := range with {
		ids[j] = k.ms[w].ID
	}
	return k.Merge(k.t.Context(), k.city, k.ms[i].ID, k.ms[i].Version, linkage.MergingMatters{With: ids})
}

// TestMerged: what the city records, decides and answers about one of the matters that
// it merged reaches all of them, and each is confirmed alone.
func TestMerged(t *testing.T) {
	t.Parallel()
	k := newKin(t)
	ctx := t.Context()
	if v := k.again(0); len(v.Mergeable) != 2 || !v.Mergeable[0].SameTags || v.Merged != 0 {
		t.Fatalf("could be merged: %+v", v.Mergeable)
	}
	m := tenantstest.Must(k.merge(0, 1))(t)
	if m.Merged != 2 {
		t.Fatalf("handled with %d", m.Merged)
	}
	if v := k.again(0); len(v.Together) != 1 || v.Together[0].RaiserName != k.County[0][1].Short || len(v.Mergeable) != 1 {
		t.Errorf("together %+v, could be merged %+v", v.Together, v.Mergeable)
	}
	// Who read the other before it was merged is told so, not that a version is old.
	_, err := k.Decide(ctx, k.city, k.ms[1].ID, k.ms[1].Version, decided("2026-12-18"))
	tenantstest.Wants(t, err, inspection.Conflict, "escalation.merged")

	m = tenantstest.Must(k.Note(ctx, k.city, m.ID, m.Version, "两次会商"))(t)
	m = tenantstest.Must(k.Decide(ctx, k.city, m.ID, m.Version, decided("2026-12-18")))(t)
	_, err = k.merge(2, 1)
	tenantstest.Wants(t, err, inspection.Conflict, "escalation.merged")
	m = tenantstest.Must(k.Answer(ctx, k.city, m.ID, m.Version, linkage.Answering{Outcome: linkage.Policy, Text: "统一口径"}))(t)
	for i, office := range k.County[0][:2] {
		v := tenantstest.Must(k.GetMatter(ctx, k.As(office, tenants.DIR), k.ms[i].ID))(t)
		var did []string
		for _, p := range v.Steps {
			did = append(did, string(p.Did))
		}
		if v.State != linkage.Answered || v.Answer != "统一口径" || v.Decision != linkage.Joint || v.Target != "市水利局" || v.HolderSlug != office.Slug {
			t.Errorf("%s reads %+v", office.Name, v.Matter)
		}
		if got := strings.Join(did, " "); got != "submit approve accept merge note decide answer" {
			t.Errorf("%s reads the steps %s", office.Name, got)
		}
	}
	if v := k.again(2); v.State != linkage.Taken || v.Answer != "" {
		t.Errorf("what was not merged is %s, %s", v.State, v.Answer)
	}
	// One confirms, the other disputes: neither moves the other's.
	tenantstest.Must(k.Confirm(ctx, k.As(k.County[0][0], tenants.DIR), m.ID, m.Version, linkage.Confirming{}))(t)
	other := k.again(1)
	d := tenantstest.Must(k.DisputeAnswer(ctx, k.As(k.County[0][1], tenants.DIR), other.ID, other.Version, "口径与省文件不符"))(t)
	tenantstest.Must(k.Answer(ctx, k.city, d.ID, d.Version, linkage.Answering{Outcome: linkage.Policy, Text: "以省文件为准"}))(t)
	if v := k.again(0); v.State != linkage.Confirmed || v.Answer != "统一口径" {
		t.Errorf("the first is %s: %s", v.State, v.Answer)
	}
}

func decided(due string) linkage.Deciding {
	day, _ := inspection.ParseDay(due)
	return linkage.Deciding{Decision: linkage.Joint, Target: "市水利局", DueOn: day, Text: "由市水利局牵头，联合巡查"}
}

// TestMergedKnowNothing (AC06): whatever a raiser can read says nothing of the others
// with which its matter was merged: no name, no number, no text, no count. The city reads
// all of it.
func TestMergedKnowNothing(t *testing.T) {
	t.Parallel()
	k := newKin(t)
	ctx := t.Context()
	m := tenantstest.Must(k.merge(0, 1))(t)
	m = tenantstest.Must(k.Decide(ctx, k.city, m.ID, m.Version, decided("2026-12-18")))(t)
	mine, theirs := k.County[0][0], k.County[0][1]
	foreign := []string{theirs.Name, theirs.Short, theirs.Slug, "乙县之事", k.ms[1].ID.String(), k.again(1).FindingNumber}
	probe := func(s tenants.Scope) (text string, others int) {
		v := tenantstest.Must(k.GetMatter(ctx, s, m.ID))(t)
		page := tenantstest.Must(k.Matters(ctx, s, linkage.Outbox, inspection.FindingID{}, "", 100))(t)
		raw, err := json.Marshal([]any{v, page})
		if err != nil {
			t.Fatal(err)
		}
		journal := tenantstest.RootValue[string](k.House, `
			select coalesce(string_agg(to_jsonb(j)::text, ' '), '') from journal j where tenant_id = $1`, s.Tenant())
		return string(raw) + journal, v.Merged + len(v.Together) + len(v.Mergeable)
	}
	for _, role := range []tenants.Role{tenants.OFF, tenants.DIR, tenants.LG} {
		text, others := probe(k.As(mine, role))
		if others != 0 {
			t.Errorf("%s reads of %d others", role, others)
		}
		for _, word := range foreign {
			if strings.Contains(text, word) {
				t.Errorf("%s reads %q", role, word)
			}
		}
		if !strings.Contains(text, "甲县之事") {
			t.Error("the probe does not read the own matter")
		}
	}
	text, others := probe(k.city) // the positive control
	if others != 3 {
		t.Errorf("the city reads of %d others, want 2 together and itself", others)
	}
	for _, word := range []string{theirs.Short, k.ms[1].ID.String(), k.again(1).FindingNumber} {
		if !strings.Contains(text, word) {
			t.Errorf("the probe does not find %q with the city", word)
		}
	}
	// Nobody else reads the table at all, past all Go.
	for who, want := range map[tenants.Scope]int{
		k.city: 2, k.As(mine, tenants.OFF): 0, k.As(theirs, tenants.DIR): 0, k.As(k.Province, tenants.PROV): 0,
	} {
		if got := rows(t, k.chain, who, "merged_matters"); got != want {
			t.Errorf("%s of %s reads %d rows of what was merged, want %d", who.Role(), who.Office().Name, got, want)
		}
	}
	// A text that goes to all of them names none of them.
	_, err := k.Answer(ctx, k.city, m.ID, m.Version, linkage.Answering{Outcome: linkage.Policy, Text: "请" + theirs.Short + "牵头"})
	tenantstest.Wants(t, err, inspection.Invalid, "escalation.identifies")
	tenantstest.Must(k.Answer(ctx, k.city, m.ID, m.Version, linkage.Answering{Outcome: linkage.Policy, Text: "请市水利局牵头"}))(t)
}

// TestMergedPassedUp: what a city handles as one goes up as one, is accepted, decided and
// answered as one by the province, and every county gets the result. The province learns
// of it once it has it, and not before.
func TestMergedPassedUp(t *testing.T) {
	t.Parallel()
	k := newKin(t)
	ctx := t.Context()
	prov := k.As(k.Province, tenants.PROV)
	m := tenantstest.Must(k.merge(0, 1))(t)
	if n := rows(t, k.chain, prov, "merged_matters"); n != 0 {
		t.Errorf("the province reads %d rows of what the city merged", n)
	}
	m = tenantstest.Must(k.RaiseFurther(ctx, k.city, m.ID, m.Version, "请省里统一口径"))(t)
	v := tenantstest.Must(k.GetMatter(ctx, prov, m.ID))(t)
	if v.Merged != 2 || len(v.Together) != 1 || v.Together[0].ID != k.ms[1].ID {
		t.Fatalf("%d came up as one, together with %+v", v.Merged, v.Together)
	}
	m = tenantstest.Must(k.Take(ctx, prov, m.ID, v.Version, linkage.Taking{}))(t)
	if v := tenantstest.Must(k.GetMatter(ctx, prov, k.ms[1].ID))(t); v.State != linkage.TakenAbove || v.AcceptedNumber == m.AcceptedNumber {
		t.Errorf("the other is %s under %s", v.State, v.AcceptedNumber)
	}
	m = tenantstest.Must(k.Decide(ctx, prov, m.ID, m.Version, decided("2026-12-18")))(t)
	_, err := k.Answer(ctx, prov, m.ID, m.Version, linkage.Answering{Outcome: linkage.Policy, Text: "请" + k.County[0][1].Short + "牵头"})
	tenantstest.Wants(t, err, inspection.Invalid, "escalation.identifies")
	tenantstest.Must(k.Answer(ctx, prov, m.ID, m.Version, linkage.Answering{Outcome: linkage.Policy, Text: "按省级口径"}))(t)
	for i, office := range k.County[0][:2] {
		v := tenantstest.Must(k.GetMatter(ctx, k.As(office, tenants.DIR), k.ms[i].ID))(t)
		if v.State != linkage.Answered || v.Answer != "按省级口径" || v.HolderSlug != office.Slug || v.Merged+len(v.Together) != 0 {
			t.Errorf("%s reads %s: %s, together %+v", office.Name, v.State, v.Answer, v.Together)
		}
	}
	if v := k.again(2); v.State != linkage.Taken {
		t.Errorf("what was not merged is %s", v.State)
	}
}

// TestPassedUpAgain: one of those that came up as one is returned to the city, leaves the
// others there, and joins them when it comes up again.
func TestPassedUpAgain(t *testing.T) {
	t.Parallel()
	k := newKin(t)
	ctx := t.Context()
	prov := k.As(k.Province, tenants.PROV)
	m := tenantstest.Must(k.merge(0, 1, 2))(t)
	m = tenantstest.Must(k.RaiseFurther(ctx, k.city, m.ID, m.Version, "请省里统一口径"))(t)
	back := tenantstest.Must(k.ReturnMatter(ctx, prov, m.ID, m.Version, linkage.SendingBack{Code: linkage.MaterialMissing, Text: "缺会商记录"}))(t)
	above := func() int {
		return tenantstest.Must(k.GetMatter(ctx, prov, k.ms[1].ID))(t).Merged
	}
	if n := above(); n != 2 {
		t.Errorf("of three one was returned: the province handles %d as one", n)
	}
	tenantstest.Must(k.RaiseFurther(ctx, k.city, back.ID, back.Version, "已补会商记录"))(t)
	if n := above(); n != 3 {
		t.Errorf("it came again: the province handles %d as one", n)
	}
}

// TestMergeRefused: only what the office has, in one state, and alone; and taken out it
// stands alone again, with what stays behind alone.
func TestMergeRefused(t *testing.T) {
	t.Parallel()
	k := newKin(t)
	ctx := t.Context()
	foreign := k.raisedBy(k.County[1][0], 0, "另一市之事")
	sent := k.raisedBy(k.County[0][1], 1, "未受理之事")
	with := func(id inspection.EscalationID) error {
		_, err := k.Merge(ctx, k.city, k.ms[0].ID, k.ms[0].Version, linkage.MergingMatters{With: []inspection.EscalationID{id}})
		return err
	}
	tenantstest.Wants(t, with(foreign.ID), inspection.NotFound, "not-found")
	tenantstest.Wants(t, with(k.ms[0].ID), inspection.Invalid, "escalation.merge-self")
	tenantstest.Wants(t, with(sent.ID), inspection.Conflict, "escalation.wrong-state")
	_, err := k.Merge(ctx, k.As(k.County[0][0], tenants.DIR), k.ms[0].ID, k.ms[0].Version, linkage.MergingMatters{With: []inspection.EscalationID{k.ms[2].ID}})
	tenantstest.Wants(t, err, inspection.Forbidden, "escalation.wrong-side")
	err = k.In(ctx, k.As(k.City[1], tenants.CITY), func(tx *tenants.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into merged_matters (merge_id, raiser, escalation_id, merged_at, merged_by)
			values (gen_random_uuid(), $1, $2, now(), '')`, k.County[0][0].ID, k.ms[0].ID)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "row-level security") {
		t.Errorf("another city merges what it does not have: %v", err)
	}

	m := tenantstest.Must(k.merge(0, 1))(t)
	tenantstest.Wants(t, with(k.ms[1].ID), inspection.Conflict, "escalation.merged")
	m = tenantstest.Must(k.Split(ctx, k.city, m.ID, m.Version))(t)
	if m.Merged != 0 || k.again(1).Merged != 0 {
		t.Errorf("taken out: %d, left behind: %d", m.Merged, k.again(1).Merged)
	}
	_, err = k.Split(ctx, k.city, m.ID, m.Version)
	tenantstest.Wants(t, err, inspection.Conflict, "escalation.not-merged")
	// What is returned leaves the others, and comes again alone.
	k.ms[0].Version = m.Version
	tenantstest.Must(k.merge(0, 1, 2))(t)
	back := k.again(1)
	tenantstest.Must(k.ReturnMatter(ctx, k.city, back.ID, back.Version, linkage.SendingBack{Code: linkage.MaterialMissing, Text: "缺会商记录"}))(t)
	if v := k.again(0); v.Merged != 2 || len(v.Together) != 1 || v.State != linkage.Taken {
		t.Errorf("of three one was returned: %d stay, %s", v.Merged, v.State)
	}
}

// TestMergeRaces: two people of the city merge at once, and one merges what another
// answers; nothing is handled twice, and nobody is left without a word.
func TestMergeRaces(t *testing.T) {
	t.Parallel()
	won := map[string]int{}
	k := newKin(t)
	for round := range 6 {
		errs := together(
			func() error { _, err := k.merge(0, 1); return err },
			func() error { _, err := k.merge(2, 1); return err })
		k.oneWinsMatter(errs, won, "first", "second")
		if n := tenantstest.RootValue[int](k.House, `select count(*) from merged_matters where left_at is null`); n != 2 {
			t.Fatalf("round %d: %d matters are merged, want 2", round, n)
		}
		k.alone()
		errs = together(
			func() error { _, err := k.merge(0, 1); return err },
			func() error {
				_, err := k.Decide(context.Background(), k.city, k.ms[1].ID, k.ms[1].Version, decided("2026-12-18"))
				return err
			})
		k.oneWinsMatter(errs, won, "merge", "decide")
		if v := k.again(0); (errs[0] == nil) != (v.Merged == 2) || v.State != linkage.Taken {
			t.Fatalf("round %d: merging: %v, but %d in %s", round, errs[0], v.Merged, v.State)
		}
		if errs[1] == nil {
			break // it was decided, and can be merged no more
		}
		k.alone()
	}
	t.Log(won)
}

// alone takes apart what was merged and reads all again.
func (k *kin) alone() {
	k.t.Helper()
	for i := range k.ms {
		if v := k.again(i); v.Merged > 0 {
			tenantstest.Must(k.Split(k.t.Context(), k.city, v.ID, v.Version))(k.t)
		}
	}
	for i := range k.ms {
		k.ms[i] = k.again(i).Matter
	}
}
