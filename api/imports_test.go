package api_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"gocloud.dev/blob/memblob"

	"xuncha/api"
	"xuncha/api/apitest"
	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// importer is a county that imports ledgers over HTTP, with the job beside it.
type importer struct {
	*ledger
	worker *rectification.Imports
	path   string // of an upload
}

func newImporter(t *testing.T) *importer {
	t.Helper()
	clock := inspection.ClockAt(tenantstest.Now)
	cal := inspection.PublishedCalendar()
	im := &importer{ledger: &ledger{}}
	im.Server = apitest.New(t, func(h *tenantstest.House) api.Rooms {
		bucket := memblob.OpenBucket(nil)
		t.Cleanup(func() { _ = bucket.Close() })
		store := files.NewStore(bucket)
		im.worker = &rectification.Imports{DB: h.Jobs, Clock: clock, Cases: &rectification.Service{DB: h.Jobs, Clock: clock, Calendar: cal, Files: store}}
		cases := &rectification.Service{DB: h.DB, Clock: clock, Calendar: cal, Files: store}
		outbox := &rectification.Outbox{DB: h.DB, Clock: clock}
		return api.Rooms{
			Rectification: cases, Outbox: outbox,
			Imports: &rectification.Imports{
				DB: h.DB, Clock: clock, Cases: cases,
				Enqueue: func(context.Context, *tenants.Tx, inspection.ImportID) error { return nil },
			},
			Reminders: &rectification.Reminders{DB: h.DB, Clock: clock, Calendar: cal, Outbox: outbox},
		}
	})
	im.office = im.County[0][0]
	im.unit, im.round = im.Unit(im.office, "河口镇党委"), im.Round(im.office)
	im.off, im.dir = im.as(tenants.OFF), im.as(tenants.DIR)
	im.liaison = im.as(tenants.UNIT, im.unit)
	im.path = fmt.Sprintf("imports?unit=%s&round=%s&feedback_on=2026-07-10&name=hekou.xlsx", im.unit, im.round)
	return im
}

func hekou(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("../inspection/rectification/ledger/testdata/ledger-hekou.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// work does the jobs of an import.
func (im *importer) work(t *testing.T, id inspection.ImportID) {
	t.Helper()
	for more := true; more; {
		im.Do(im.Jobs, tenants.ForJob(im.office, "run_import"), func(tx *tenants.Tx) (err error) {
			more, err = im.worker.Step(t.Context(), tx, id)
			return err
		})
	}
}

// TestImportOverHTTP carries the real ledger through the wizard's operations.
func TestImportOverHTTP(t *testing.T) {
	t.Parallel()
	im := newImporter(t)
	var got rectification.Import
	for range 2 { // the answer was lost, and the sender sends again
		a := post(t, im.off, http.StatusCreated, im.path, hekou(t), "Content-Type", xlsx, "Idempotency-Key", "upload-1")
		a.Into(t, &got)
	}
	if n := tenantstest.RootValue[int](im.House, `select count(*) from imports`); n != 1 {
		t.Errorf("%d imports of one upload", n)
	}
	at := "imports/" + got.ID.String()
	var rows inspection.Page[rectification.ImportRow]
	next, n := "", 0
	for {
		im.off.Get(at+"/rows?limit=10&cursor="+next, &rows)
		n += len(rows.Items)
		if next = rows.Next; next == "" {
			break
		}
	}
	if n != 16 || rows.Total != 16 {
		t.Errorf("%d rows of %d, want 16", n, rows.Total)
	}
	a := post(t, im.off, http.StatusUnprocessableEntity, at+"/run", nil, "If-Match", `"1"`)
	if a.Problem() != "import.unsettled" || strings.Count(string(a.Body), `"pointer"`) != 3 {
		t.Errorf("run unanswered: %s", a.Body)
	}
	if a := im.off.Do(http.MethodPost, at+"/run", nil); a.Status != http.StatusPreconditionRequired {
		t.Errorf("run without If-Match: %d", a.Status)
	}
	answers := []any{}
	for _, q := range []struct{ cell, reason, value string }{
		{"I21", "due-immediate", "2026-07-30"}, {"I22", "due-long-term", "long-term"}, {"I26", "due-long-term", "long-term"},
	} {
		answers = append(answers, map[string]any{"question": "整改台账!" + q.cell + ":" + q.reason, "value": q.value})
	}
	body := map[string]any{"answers": answers, "choices": []any{}, "focuses": []any{}}
	if a := im.off.Do(http.MethodPut, at+"/answers", body, "If-Match", `"1"`); a.Status != http.StatusOK {
		t.Fatalf("answers: %d %s", a.Status, a.Body)
	}
	post(t, im.off, http.StatusOK, at+"/run", nil, "If-Match", `"2"`)
	if a := im.off.Do(http.MethodPut, at+"/answers", body, "If-Match", `"3"`); a.Status != http.StatusConflict {
		t.Errorf("answers while it runs: %d %s", a.Status, a.Body)
	}
	im.work(t, got.ID)
	im.off.Get(at, &got)
	if got.State != rectification.ImportDone || got.Tally[rectification.Added] != 16 || got.Done != 16 {
		t.Errorf("%s, %d done, %v", got.State, got.Done, got.Tally)
	}
	file := im.off.Do(http.MethodGet, at+"/result.xlsx", nil)
	if file.Status != http.StatusOK || !bytes.HasPrefix(file.Body, []byte("PK")) || file.Header.Get("Content-Type") != xlsx {
		t.Errorf("result: %d, %s", file.Status, file.Header)
	}
	back := post(t, im.dir, http.StatusOK, at+"/take-back", map[string]string{"reason": "轮次选错"}, "If-Match", fmt.Sprintf(`"%d"`, got.Version))
	if back.Into(t, &got); got.Tally[rectification.Withdrawn] != 16 {
		t.Errorf("taken back: %v", got.Tally)
	}
}

// TestImportRefused: what is refused, and how.
func TestImportRefused(t *testing.T) {
	t.Parallel()
	im := newImporter(t)
	foreign := strings.Replace(im.path, im.unit.String(), im.Unit(im.County[0][1], "县教育局").String(), 1)
	unknown := strings.Replace(im.path, im.unit.String(), inspection.NewID[inspection.UnitID]().String(), 1)
	zip := append([]byte("PK\x03\x04"), make([]byte, 100)...)
	tests := []struct {
		name   string
		by     *apitest.Client
		path   string
		body   []byte
		status int
		code   string
	}{
		{"the unit itself", im.liaison, im.path, hekou(t), http.StatusForbidden, "forbidden"},
		{"not xlsx", im.off, im.path, []byte("a,b\n"), http.StatusUnprocessableEntity, "not-xlsx"},
		{"broken zip", im.off, im.path, zip, http.StatusUnprocessableEntity, "not-xlsx"},
		{"too large", im.off, im.path, make([]byte, rectification.MaxLedger+1), http.StatusRequestEntityTooLarge, "too-large"},
		{"another office's unit", im.off, foreign, hekou(t), http.StatusUnprocessableEntity, "import.unknown-unit"},
		{"nobody's unit", im.off, unknown, hekou(t), http.StatusUnprocessableEntity, "import.unknown-unit"},
		{"feedback tomorrow", im.off, strings.Replace(im.path, "2026-07-10", "2026-11-21", 1), hekou(t), http.StatusUnprocessableEntity, "import.day-order"},
		{"a name that deceives", im.off, strings.Replace(im.path, "hekou", "a%E2%80%AEexe", 1), hekou(t), http.StatusUnprocessableEntity, "unsafe-filename"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := tt.by.Do(http.MethodPost, tt.path, tt.body, "Content-Type", xlsx)
			if a.Status != tt.status || a.Problem() != tt.code {
				t.Errorf("%d %s, want %d %s", a.Status, a.Body, tt.status, tt.code)
			}
		})
	}
	if n := tenantstest.RootValue[int](im.House, `select count(*) from imports`); n != 0 {
		t.Errorf("%d imports are left", n)
	}
	a := post(t, im.off, http.StatusCreated, im.path, hekou(t), "Content-Type", xlsx)
	var got rectification.Import
	a.Into(t, &got)
	sibling := im.As(im.House.As(im.County[0][1], tenants.OFF))
	here, nowhere := sibling.Do(http.MethodGet, "imports/"+got.ID.String(), nil), sibling.Do(http.MethodGet, "imports/not-an-id", nil)
	if here.Status != http.StatusNotFound || nowhere.Status != http.StatusNotFound {
		t.Errorf("another office's import: %d, a malformed id: %d", here.Status, nowhere.Status)
	}
}

// TestRemindersOverHTTP signs a letter, signs for it, and holds the ladder.
func TestRemindersOverHTTP(t *testing.T) {
	t.Parallel()
	im := newImporter(t)
	id := inspection.NewID[inspection.FindingID]()
	im.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at, feedback_on)
		values ($1, $2, 'KA-05-01-001', $3, $4, 1, 1, '某问题', '2026-07-10 09:00+08', '2026-07-10')`, im.office.ID, id, im.round, im.unit)
	im.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, due_on, due_set_at, issued_at)
		values ($1, $2, $3, 'working', '2026-11-13', '2026-07-10 09:00+08', '2026-07-10 09:00+08')`, im.office.ID, id, im.unit)
	job := &rectification.Reminders{DB: im.Jobs, Clock: inspection.ClockAt(tenantstest.Now), Calendar: inspection.PublishedCalendar()}
	if err := job.Scan(t.Context(), tenants.ForJob(im.office, "remind")); err != nil {
		t.Fatal(err)
	}
	var letters struct {
		Items []rectification.Reminder `json:"items"`
	}
	im.dir.Get("reminders/waiting", &letters)
	if len(letters.Items) != 1 || letters.Items[0].Rung != "T+7" {
		t.Fatalf("letters to sign: %+v", letters.Items)
	}
	letter := letters.Items[0].ID.String()
	sign := toSign(im.House, letter)
	if a := im.liaison.Do(http.MethodPost, "reminders/sign", sign); a.Status != http.StatusForbidden {
		t.Errorf("the unit signs: %d", a.Status)
	}
	a := post(t, im.dir, http.StatusOK, "reminders/sign", sign)
	if !strings.Contains(string(a.Body), "某巡办督〔2026〕1号") {
		t.Errorf("signed: %s", a.Body)
	}
	post(t, im.liaison, http.StatusOK, "reminders/"+letter+"/receipt", map[string]bool{"sign": true})
	var chain rectification.Chain
	im.liaison.Get("items/"+id.String()+"/reminders", &chain)
	if last := chain.Sent[len(chain.Sent)-1]; last.Rung != "T+7" || len(last.Receipts) != 1 || last.Receipts[0].SignedAt == nil {
		t.Errorf("the chain ends with %+v", last)
	}
	held := post(t, im.dir, http.StatusOK, "items/"+id.String()+"/reminders/hold", map[string]string{"reason": "等上级答复"}, "If-Match", `"1"`)
	if held.Into(t, &chain); chain.Running || held.Header.Get("ETag") != `"2"` {
		t.Errorf("held: %+v, %s", chain, held.Header.Get("ETag"))
	}
	post(t, im.dir, http.StatusOK, "items/"+id.String()+"/reminders/release", nil, "If-Match", `"2"`)
	if a := im.off.Do(http.MethodPost, "reminders/not-an-id/receipt", map[string]bool{"sign": true}); a.Status != http.StatusNotFound {
		t.Errorf("a malformed id: %d %s", a.Status, a.Body)
	}
}
