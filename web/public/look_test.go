package public_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"xuncha/inspection/disclosure"
	"xuncha/tenants"
)

// TestLook serves for looking at by hand.
func TestLook(t *testing.T) {
	if os.Getenv("LOOK") == "" {
		t.Skip()
	}
	w := newWorld(t)
	a := w.draft("县民政局党组", 14)
	d := w.scheduled(a)
	for i := range 24 {
		w.scheduled(w.draft(fmt.Sprintf("第%d镇党委", i), 3+i%4))
	}
	w.publish()
	gone := w.published("县供销社党组", 3)
	_ = w.must(w.svc.Withdraw(t.Context(), w.person(tenants.DIR), gone.ID, disclosure.Retraction{Edition: 1, Reason: "内容有误，核实后重新公布"}))
	d = w.must(w.svc.Get(t.Context(), w.person(tenants.OFF), d.ID))
	d = w.must(w.svc.Correct(t.Context(), w.person(tenants.OFF), d.ID, d.Version, disclosure.Correction{Note: "第6条补充公示时间"}))
	w.edit(d, d.Items[5], disclosure.ItemChange{Result: new("已核实，7至9月账目已补公示，今后每月5日前更新。")})
	w.edit(d, d.Items[9], disclosure.ItemChange{Withheld: new(disclosure.Case)})
	w.scheduled(d)
	w.publish()
	fmt.Println("URL", w.url, w.base, d.Number, gone.Number)
	os.WriteFile("/tmp/disc/url", []byte(w.url+" "+w.base+" "+d.Number+" "+gone.Number), 0o644)
	time.Sleep(10 * time.Minute)
}
