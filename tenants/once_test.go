package tenants_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestOnce sends one request ten times at once, again afterwards, as another
// person, with another body, and after a failure.
func TestOnce(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	office := h.County[0][0]
	ours, theirs := h.As(office, tenants.OFF), h.As(office, tenants.DIR)
	var calls atomic.Int32
	errDo := error(nil)
	send := func(s tenants.Scope, key, body string) (string, error) {
		return tenants.Once(context.Background(), h.DB, s, tenants.Request{Key: key, Fingerprint: []byte(body)},
			func(ctx context.Context) (string, error) {
				n := calls.Add(1)
				err := h.DB.In(ctx, s, func(tx *tenants.Tx) error { // joins the transaction of the key
					_, err := tx.Exec(ctx, `insert into units (id, name) values ($1, $2)`,
						inspection.NewID[inspection.UnitID](), fmt.Sprintf("第%d个单位", n))
					return err
				})
				return fmt.Sprintf("答复%d", n), errors.Join(err, errDo)
			})
	}
	var wg sync.WaitGroup
	answers, errs := make([]string, 10), make([]error, 10)
	for i := range answers {
		wg.Go(func() { answers[i], errs[i] = send(ours, "k", "a") })
	}
	wg.Wait()
	answered := 0
	for i, err := range errs {
		switch {
		case err == nil && answers[i] == "答复1":
			answered++
		case inspection.KindOf(err) != inspection.Conflict || inspection.CodeOf(err) != "in-progress":
			t.Errorf("answer %q, %v", answers[i], err)
		}
	}
	effects := func(want int) {
		t.Helper()
		if n := count(t, h.DB, ours, "units"); n != want || int(calls.Load()) < want {
			t.Errorf("%d effects of %d calls, want %d", n, calls.Load(), want)
		}
	}
	if answered == 0 {
		t.Error("nobody was answered")
	}
	effects(1)
	if again, err := send(ours, "k", "a"); again != "答复1" || err != nil {
		t.Errorf("sent again: %q, %v", again, err)
	}
	if _, err := send(ours, "k", "b"); inspection.CodeOf(err) != "idempotency-mismatch" {
		t.Errorf("another request under the key: %v", err)
	}
	effects(1)
	if other, err := send(theirs, "k", "b"); other != "答复2" || err != nil {
		t.Errorf("another person's key of the same name: %q, %v", other, err)
	}
	effects(2)
	errDo = inspection.Errorf(inspection.Conflict, "state", "现在不能办理。")
	if _, err := send(ours, "f", "a"); inspection.CodeOf(err) != "state" {
		t.Errorf("a refusal: %v", err)
	}
	effects(2)
	errDo = nil
	if later, err := send(ours, "f", "a"); later != "答复4" || err != nil {
		t.Errorf("after a refusal, which keeps no key: %q, %v", later, err)
	}
	effects(3)
}
