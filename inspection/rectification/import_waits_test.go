package rectification_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestImportWaits: the import has read the ledger and waits for a case that somebody is
// saving. What was saved stays, and a case that was handed in is left alone.
func TestImportWaits(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		saves  func(h *importing, done chan error, id inspection.FindingID)
		want   string
		result rectification.RowResult
	}{
		{"the unit saves progress", savesProgress, "石某1220过半", rectification.Updated},
		{"the unit hands it in", handsIn, "罗某1201已启动", rectification.Rejected},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newImporting(t)
			im := h.run(h.upload(sheet(t, []any{"1", patrol, "甲问题", "措施一", "罗某", "2026-12-01", "已启动", ""})))
			id := *h.rows(im.ID)[0].Finding
			im = h.upload(sheet(t, []any{"1", patrol, "甲问题", "措施一", "石某", "2026-12-20", "", ""}))
			im = tenantstest.Must(h.imports.Answer(t.Context(), h.off, im.ID, im.Version, rectification.Answering{
				Choices: []rectification.ChoiceFor{{Seq: 1, Choice: rectification.Update}},
			}))(t)
			tenantstest.Must(h.imports.Run(t.Context(), h.off, im.ID, im.Version))(t)
			done := make(chan error, 1)
			tt.saves(h, done, id)
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			got := tenantstest.RootValue[string](h.House,
				`select leader || to_char(due_on, 'MMDD') || progress from measures where finding_id = $1`, id)
			if got != tt.want {
				t.Errorf("the measure is %q, want %q", got, tt.want)
			}
			if r := h.rows(im.ID)[0]; r.Result != tt.result || (tt.result == rectification.Rejected) != strings.Contains(r.Reason, "待审核") {
				t.Errorf("the row is %s: %q", r.Result, r.Reason)
			}
		})
	}
}

// stepping lets the import run on in the background and returns when it waits for
// somebody's lock, or has ended.
func (h *importing) stepping(done chan<- error) {
	h.t.Helper()
	ended := make(chan struct{})
	id := h.queued[len(h.queued)-1]
	go func() {
		defer close(ended)
		_, err := h.step(id)
		done <- err
	}()
	for !tenantstest.RootValue[bool](h.House, `select exists (select from pg_stat_activity
		where datname = current_database() and usename = 'xuncha_jobs' and wait_event_type = 'Lock')`) {
		select {
		case <-ended:
			h.t.Error("the import waits for nobody")
			return
		default:
		}
	}
}

func savesProgress(h *importing, done chan error, id inspection.FindingID) {
	ctx := h.t.Context()
	m, progress := h.read(h.t, id).Measures[0], "过半"
	tenantstest.Must(tenants.Once(ctx, h.DB, h.liaison, tenants.Request{Key: "save", Fingerprint: []byte{1}},
		func(ctx context.Context) (rectification.Measure, error) {
			saved, err := h.cases.EditMeasure(ctx, h.liaison, id, m.ID, m.Version, rectification.MeasureEdit{Progress: &progress})
			h.stepping(done)
			return saved, err
		}))(h.t)
}

func handsIn(h *importing, done chan error, id inspection.FindingID) {
	h.Do(h.DB, h.off, func(tx *tenants.Tx) error {
		_, err := tx.Exec(h.t.Context(), `update rectifications set state = 'submitted', version = version + 1 where finding_id = @id`,
			pgx.StrictNamedArgs{"id": id})
		h.stepping(done)
		return err
	})
}
