package linkage_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// together runs all at once and returns their errors in order.
func together(fns ...func() error) []error {
	errs := make([]error, len(fns))
	var start, wg sync.WaitGroup
	start.Add(1)
	for i, fn := range fns {
		wg.Go(func() {
			start.Wait()
			errs[i] = fn()
		})
	}
	start.Done()
	wg.Wait()
	return errs
}

// TestBothSidesAtOnce: of withdrawing and signing for, of accepting and returning,
// one wins; the other is told what happened and by whom.
func TestBothSidesAtOnce(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	city := c.As(c.City[0], tenants.CITY)
	off := c.As(c.County[0][0], tenants.OFF)
	won := map[string]int{}
	for range 8 {
		ctx := t.Context()
		n := c.issued(city, draft(c.County[0][0]))
		d := c.own(off, n.ID)
		errs := together(
			func() error { _, err := c.Withdraw(ctx, city, n.ID, n.Version, "文字有误"); return err },
			func() error {
				_, err := c.Receive(ctx, off, d.ID, d.Version, linkage.Receipt{})
				return err
			})
		c.oneWins(errs, "notice.received", "delivery.wrong-state", won, "签收", "撤回")
		state := c.own(off, n.ID).State
		if (errs[0] == nil) != (state == linkage.DeliveryWithdrawn) {
			t.Fatalf("withdrawing: %v, but the delivery is %s", errs[0], state)
		}
		if errs[0] == nil {
			continue
		}
		d = c.reported(off, n.ID, 2, 1)
		errs = together(
			func() error { _, err := c.Accept(ctx, city, d.ID, d.Version); return err },
			func() error {
				_, err := c.Return(ctx, c.As(c.City[0], tenants.CITY), d.ID, d.Version, linkage.Returning{Code: linkage.Shallow, Note: "重查"})
				return err
			})
		c.oneWins(errs, "delivery.wrong-state", "delivery.wrong-state", won, "退回", "采认")
	}
	t.Log(won)
}

func (c *chain) oneWins(errs []error, first, second string, won map[string]int, words ...string) {
	c.t.Helper()
	if (errs[0] == nil) == (errs[1] == nil) {
		c.t.Fatalf("not one winner: %v; %v", errs[0], errs[1])
	}
	i, code := 0, first
	if errs[1] != nil {
		i, code = 1, second
	}
	won[fmt.Sprint(words[i], " came late")]++
	if inspection.KindOf(errs[i]) != inspection.Conflict || inspection.CodeOf(errs[i]) != code || !strings.Contains(errs[i].Error(), "2026-11-20 10:00") {
		c.t.Fatalf("the loser is told %v, want %s and when", errs[i], code)
	}
}

// TestReceiptsAtOnce has many recipients sign at once, some twice (TRUST R-25):
// the matrix equals what happened.
func TestReceiptsAtOnce(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := context.Background()
	county := c.County[0][0]
	dir := c.As(county, tenants.DIR)
	var units []inspection.UnitID
	for i := range 60 {
		units = append(units, c.Unit(county, fmt.Sprintf("某乡%d", i)))
	}
	n := c.issued(dir, linkage.Composing{Tag: tag, Title: "转办", Body: "请自查。", Units: units})
	var signed atomic.Int32
	var fns []func() error
	for i, unit := range units {
		s := c.As(county, tenants.UNIT, unit)
		d := c.own(s, n.ID)
		for range 1 + i%2 {
			fns = append(fns, func() error {
				_, err := c.Receive(ctx, s, d.ID, d.Version, linkage.Receipt{})
				if err == nil {
					signed.Add(1)
				}
				return err
			})
		}
	}
	for _, err := range together(fns...) {
		if err != nil && inspection.KindOf(err) != inspection.Conflict && inspection.KindOf(err) != inspection.Busy {
			t.Error(err)
		}
	}
	m := tenantstest.Must(c.Get(ctx, dir, n.ID))(t).Matrix
	if signed.Load() != 60 || m.Levels[0].Received != 60 {
		t.Errorf("%d signed, the matrix says %d, want 60", signed.Load(), m.Levels[0].Received)
	}
	if n := tenantstest.RootValue[int](c.House, `select count(*) from journal where action = 'delivery.receive'`); n != 60 {
		t.Errorf("the journal holds %d receipts, want 60", n)
	}
}

// TestIssueOnce: two signers at once give one number and one delivery each.
func TestIssueOnce(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	city, lg := c.As(c.City[0], tenants.CITY), c.As(c.City[0], tenants.LG)
	n := tenantstest.Must(c.Compose(ctx, city, draft(c.County[0][0], c.County[0][1])))(t)
	n = tenantstest.Must(c.Submit(ctx, city, n.ID, n.Version, nil))(t)
	errs := together(
		func() error { _, err := c.Issue(ctx, city, n.ID, n.Version); return err },
		func() error { _, err := c.Issue(ctx, lg, n.ID, n.Version); return err })
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("not one winner: %v; %v", errs[0], errs[1])
	}
	if n := tenantstest.RootValue[int](c.House, `select count(*) from deliveries`); n != 2 {
		t.Errorf("%d deliveries, want 2", n)
	}
	if last := tenantstest.RootValue[int](c.House, `select last from numbers where series like '%通%'`); last != 1 {
		t.Errorf("%d numbers were taken, want 1", last)
	}
}

// TestMatterRaces: the raiser withdraws while the holder accepts; two people of
// the holder decide differently.
func TestMatterRaces(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	city, colleague := c.As(c.City[0], tenants.CITY), c.As(c.City[0], tenants.CITY)
	won := map[string]int{}
	for range 8 {
		m, off, _ := c.raised()
		errs := together(
			func() error { _, err := c.WithdrawMatter(ctx, off, m.ID, m.Version, "自行解决"); return err },
			func() error { _, err := c.Take(ctx, city, m.ID, m.Version, linkage.Taking{}); return err })
		c.oneWinsMatter(errs, won, "撤回", "受理")
		if errs[0] == nil {
			_, err := c.Answer(ctx, city, m.ID, m.Version, linkage.Answering{Outcome: linkage.Policy, Text: "同意"})
			if inspection.KindOf(err) != inspection.Conflict {
				t.Fatalf("answering what was withdrawn: %v", err)
			}
			continue
		}
		m.Version++
		errs = together(
			func() error {
				_, err := c.Answer(ctx, city, m.ID, m.Version, linkage.Answering{Outcome: linkage.Policy, Text: "同意"})
				return err
			},
			func() error { _, err := c.Refuse(ctx, colleague, m.ID, m.Version, "不属统筹范围"); return err })
		c.oneWinsMatter(errs, won, "答复", "不予受理")
		got := tenantstest.Must(c.GetMatter(ctx, off, m.ID))(t)
		dir := c.As(c.County[0][0], tenants.DIR)
		got.Matter = tenantstest.Must(c.Confirm(ctx, dir, m.ID, got.Version, linkage.Confirming{}))(t)
		if got.State == linkage.Confirmed {
			tenantstest.Must(c.Finish(ctx, off, m.ID, got.Version, "完成"))(t)
		}
	}
	t.Log(won)
}

func (c *chain) oneWinsMatter(errs []error, won map[string]int, words ...string) {
	c.t.Helper()
	if (errs[0] == nil) == (errs[1] == nil) {
		c.t.Fatalf("not one winner: %v; %v", errs[0], errs[1])
	}
	for i, err := range errs {
		if err == nil {
			won[words[i]]++
		} else if inspection.KindOf(err) != inspection.Conflict {
			c.t.Fatalf("%s was told %v", words[i], err)
		}
	}
}

// TestStale: an old version is answered with what the row is now.
func TestStale(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	city := c.As(c.City[0], tenants.CITY)
	n := tenantstest.Must(c.Compose(ctx, city, draft(c.County[0][0])))(t)
	d := draft(c.County[0][1])
	d.Title = "另一个题目"
	tenantstest.Must(c.Edit(ctx, city, n.ID, n.Version, d))(t)
	_, err := c.Edit(ctx, city, n.ID, n.Version, draft(c.County[0][0]))
	tenantstest.Wants(t, err, inspection.Stale, "notice.stale")
	v := tenantstest.Must(c.Get(ctx, city, n.ID))(t)
	if v.Title != d.Title || len(v.Recipients) != 1 || v.Recipients[0].Slug != c.County[0][1].Slug {
		t.Errorf("kept %s to %v", v.Title, v.Recipients)
	}
}
