package checks_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/checks"
	"xuncha/inspection/rectification/files/sample"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestAssign sends two who may go, and nobody who has to stand aside.
func TestAssign(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.opened(t)
	v := h.first(t)
	own := h.As(h.office, tenants.MEM)
	h.Root(`insert into grants (tenant_id, id, member_id, role, unit_id, from_on) values ($1, $2, $3, 'HEAD', $4, '2026-01-01')`,
		h.office.ID, inspection.NewID[inspection.GrantID](), own.Member(), h.unit)
	ended := h.As(h.office, tenants.MEM)
	h.Root(`update grants set until_on = '2026-11-19' where member_id = $1`, ended.Member())
	foreign := h.As(h.County[0][1], tenants.MEM)
	former := h.As(h.office, tenants.MEM)
	h.Root(`insert into grants (tenant_id, id, member_id, role, unit_id, from_on, until_on) values ($1, $2, $3, 'HEAD', $4, '2026-01-01', '2026-11-13')`,
		h.office.ID, inspection.NewID[inspection.GrantID](), former.Member(), h.unit)

	tests := []struct {
		name   string
		as     tenants.Scope
		second tenants.Scope
		on     string
		kind   inspection.Kind
		code   string
	}{
		{"the same person twice", h.off, h.mem, "2026-11-23", inspection.Invalid, "check.two"},
		{"of the unit itself", h.off, own, "2026-11-23", inspection.Invalid, "check.inspector"},
		{"of the unit until last week", h.off, former, "2026-11-23", inspection.Invalid, "check.inspector"},
		{"whose authorisation ended", h.off, ended, "2026-11-23", inspection.Invalid, "check.inspector"},
		{"of another office", h.off, foreign, "2026-11-23", inspection.Invalid, "check.inspector"},
		{"of the unit, as its liaison", h.off, h.liaison, "2026-11-23", inspection.Invalid, "check.inspector"},
		{"for yesterday", h.off, h.disc, "2026-11-19", inspection.Invalid, "check.day"},
		{"by an inspector", h.disc, h.disc, "2026-11-23", inspection.Forbidden, "forbidden"},
	}
	for _, tt := range tests {
		_, err := h.Assign(t.Context(), tt.as, v.ID, v.Version, checks.Assigning{
			First: h.mem.Member(), Second: tt.second.Member(), PlannedOn: tenantstest.Day(t, tt.on),
		})
		if inspection.KindOf(err) != tt.kind || inspection.CodeOf(err) != tt.code {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.code)
		}
	}
	h.Root(`update units set acts_as = 'DISC' where id = $1`, h.unit)
	_, err := h.Assign(t.Context(), h.off, v.ID, v.Version, checks.Assigning{First: h.mem.Member(), Second: h.disc.Member(), PlannedOn: tenantstest.Day(t, "2026-11-23")})
	tenantstest.Wants(t, err, inspection.Invalid, "check.inspector")
	// One of the party who is a member of a team, too, is one of the party.
	h.Root(`insert into grants (tenant_id, id, member_id, role, from_on) values ($1, $2, $3, 'DISC', '2026-02-01')`,
		h.office.ID, inspection.NewID[inspection.GrantID](), h.mem.Member())
	_, err = h.Assign(t.Context(), h.off, v.ID, v.Version, checks.Assigning{First: h.mem.Member(), Second: h.off.Member(), PlannedOn: tenantstest.Day(t, "2026-11-23")})
	tenantstest.Wants(t, err, inspection.Invalid, "check.inspector")
	h.Root(`update grants set until_on = '2026-02-01' where member_id = $1 and role = 'DISC'`, h.mem.Member())
	h.Root(`update units set acts_as = '' where id = $1`, h.unit)
	if v = h.assigned(t, v); v.FirstName == "" || v.Version != 2 || v.State != checks.Planned {
		t.Errorf("assigned as %+v", v)
	}
	for _, p := range tenantstest.Must(h.Inspectors(t.Context(), h.off))(t) {
		if p.ID == ended.Member() || p.ID == h.dir.Member() {
			t.Errorf("%s (%s) may be sent", p.Name, p.Role)
		}
	}
}

// TestReport refuses what nobody may hand in, and takes the rest.
func TestReport(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.planned(t)
	change := func(f func(r *checks.Reporting)) checks.Reporting {
		r := report(checks.Real)
		f(&r)
		return r
	}
	lat, lon := 30.12345, 104.54321
	for name, r := range map[string]checks.Reporting{
		"two votes":              change(func(r *checks.Reporting) { r.Content, r.Fair, r.Discontent = 2, 0, 0 }),
		"six votes":              change(func(r *checks.Reporting) { r.Content, r.Fair, r.Discontent = 4, 1, 1 }),
		"no verdict":             change(func(r *checks.Reporting) { r.Verdict = "" }),
		"nothing seen":           change(func(r *checks.Reporting) { r.Seen = "\u200b " }),
		"no place":               change(func(r *checks.Reporting) { r.Place = "" }),
		"tomorrow":               change(func(r *checks.Reporting) { r.VisitedAt = tenantstest.Now.Add(time.Hour) }),
		"coordinates by stealth": change(func(r *checks.Reporting) { r.Latitude, r.Longitude = &lat, &lon }),
		"half a coordinate":      change(func(r *checks.Reporting) { r.Latitude, r.Consent = &lat, true }),
		"too long":               change(func(r *checks.Reporting) { r.Seen = strings.Repeat("长", 2001) }),
	} {
		_, err := h.Report(t.Context(), h.mem, v.ID, v.Version, r)
		if inspection.KindOf(err) != inspection.Invalid || inspection.CodeOf(err) != "check.invalid" {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := h.Report(t.Context(), h.off, v.ID, v.Version, report(checks.Real))
	tenantstest.Wants(t, err, inspection.Forbidden, "check.not-inspector")
	v = tenantstest.Must(h.Report(t.Context(), h.mem, v.ID, v.Version, change(func(r *checks.Reporting) {
		r.Latitude, r.Longitude, r.Consent = &lat, &lon, true
	})))(t)
	if got := tenantstest.Must(h.Get(t.Context(), h.dir, v.ID))(t); got.Latitude == nil || *got.Latitude != lat || got.State != checks.Reported {
		t.Errorf("reported as %+v", got)
	}
	_, err = h.Agree(t.Context(), h.mem, v.ID, v.Version)
	tenantstest.Wants(t, err, inspection.Forbidden, "check.own-report")
	_, err = h.Confirm(t.Context(), h.dir, v.ID, v.Version, checks.Confirming{Outcome: checks.Nothing})
	tenantstest.Wants(t, err, inspection.Conflict, "check.wrong-state")
	v = tenantstest.Must(h.Agree(t.Context(), h.disc, v.ID, v.Version))(t)
	v = tenantstest.Must(h.SendBack(t.Context(), h.dir, v.ID, v.Version, "请补充照片。"))(t)
	if v.State != checks.Planned || v.AgreedBy != "" {
		t.Errorf("sent back as %+v", v)
	}
}

// TestOwnUnit: who belongs or belonged to the unit neither reports, nor agrees, nor sends
// back, nor confirms; and what was reported is not cancelled away.
func TestOwnUnit(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.planned(t)
	was := func(s tenants.Scope, on bool) {
		if on {
			h.Root(`insert into grants (tenant_id, id, member_id, role, unit_id, from_on, until_on) values ($1, $2, $3, 'HEAD', $4, '2020-01-01', '2020-12-31')`,
				h.office.ID, inspection.NewID[inspection.GrantID](), s.Member(), h.unit)
		} else {
			h.Root(`delete from grants where member_id = $1 and unit_id = $2`, s.Member(), h.unit)
		}
	}
	refused := func(s tenants.Scope, do func() error) {
		t.Helper()
		was(s, true)
		tenantstest.Wants(t, do(), inspection.Forbidden, "check.own-unit")
		was(s, false)
	}
	report := report(checks.Unchanged)
	refused(h.mem, func() error { _, err := h.Report(t.Context(), h.mem, v.ID, v.Version, report); return err })
	v = tenantstest.Must(h.Report(t.Context(), h.mem, v.ID, v.Version, report))(t)
	refused(h.disc, func() error { _, err := h.Agree(t.Context(), h.disc, v.ID, v.Version); return err })
	refused(h.dir, func() error {
		_, err := h.SendBack(t.Context(), h.dir, v.ID, v.Version, "请补充照片。")
		return err
	})
	v = tenantstest.Must(h.Agree(t.Context(), h.disc, v.ID, v.Version))(t)
	refused(h.dir, func() error {
		_, err := h.Confirm(t.Context(), h.dir, v.ID, v.Version, checks.Confirming{Outcome: checks.Nothing})
		return err
	})
	v = tenantstest.Must(h.SendBack(t.Context(), h.dir, v.ID, v.Version, "请补充照片。"))(t)
	if slices.Contains(v.Allowed, checks.Cancel) {
		t.Errorf("what was reported may be cancelled")
	}
	_, err := h.Cancel(t.Context(), h.dir, v.ID, v.Version, "不再检查。")
	tenantstest.Wants(t, err, inspection.Conflict, "check.reported")
}

// TestLateReport lets two inspectors work offline on the same version: who syncs
// second overwrites nothing and is shown what is there.
func TestLateReport(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.planned(t)
	first := report(checks.Partial)
	first.Seen = "先到的记录。"
	tenantstest.Must(h.Report(t.Context(), h.disc, v.ID, v.Version, first))(t)
	_, err := h.Report(t.Context(), h.mem, v.ID, v.Version, report(checks.Real))
	tenantstest.Wants(t, err, inspection.Stale, "check.stale")
	e, _ := errors.AsType[*inspection.Error](err)
	if now, ok := e.Current.(checks.Visit); !ok || now.Seen != "先到的记录。" || now.Version != 3 {
		t.Errorf("shown %+v", e.Current)
	}
	if got := tenantstest.Must(h.Get(t.Context(), h.dir, v.ID))(t); got.Verdict != checks.Partial || got.Seen != "先到的记录。" {
		t.Errorf("overwritten: %+v", got)
	}
	// The person chose the own words and says so by naming the newer version.
	v = tenantstest.Must(h.Report(t.Context(), h.mem, v.ID, 3, report(checks.Real)))(t)

	// Past correcting, a phone that sends its pictures first is shown as much.
	tenantstest.Must(h.Agree(t.Context(), h.disc, v.ID, v.Version))(t)
	_, err = h.AddPhoto(t.Context(), h.disc, v.ID, inspection.NewID[checks.PhotoID](), tenantstest.Now, bytes.NewReader(picture(t, 7)))
	tenantstest.Wants(t, err, inspection.Conflict, "check.wrong-state")
	e, _ = errors.AsType[*inspection.Error](err)
	if now, ok := e.Current.(checks.Visit); !ok || now.State != checks.Agreed || now.Allowed == nil || now.Photos == nil {
		t.Errorf("shown %+v", e.Current)
	}
	_, err = h.Report(t.Context(), h.disc, v.ID, v.Version+1, report(checks.Real))
	tenantstest.Wants(t, err, inspection.Conflict, "check.wrong-state")
	e, _ = errors.AsType[*inspection.Error](err)
	if now, ok := e.Current.(checks.Visit); !ok || now.Allowed == nil || now.Photos == nil {
		t.Errorf("shown %+v", e.Current)
	}
}

// TestConfirm tries every verdict with every outcome.
func TestConfirm(t *testing.T) {
	t.Parallel()
	may := map[checks.Verdict][]checks.Outcome{
		checks.Real:      {checks.Nothing},
		checks.Partial:   {checks.Nothing, checks.Urge, checks.Reopen},
		checks.Unchanged: {checks.Nothing, checks.Urge, checks.Reopen},
		checks.Doubtful:  {checks.Again},
	}
	for _, verdict := range checks.Verdicts() {
		for _, outcome := range checks.Outcomes() {
			t.Run(string(verdict+"/")+string(outcome), func(t *testing.T) {
				t.Parallel()
				h := newHouse(t)
				v := h.agreed(t, verdict)
				c := checks.Confirming{Outcome: outcome, Note: "请于两周内补齐。"}
				if outcome == checks.Reopen {
					c.DueOn = new(tenantstest.Day(t, "2026-12-04"))
				}
				got, err := h.Confirm(t.Context(), h.dir, v.ID, v.Version, c)
				if !contains(may[verdict], outcome) {
					tenantstest.Wants(t, err, inspection.Invalid, "check.invalid")
					return
				}
				if err != nil || got.State != checks.Confirmed {
					t.Fatalf("confirmed as %s, %v", got.State, err)
				}
				h.after(t, got)
			})
		}
	}
}

func contains[T comparable](all []T, one T) bool {
	for _, v := range all {
		if v == one {
			return true
		}
	}
	return false
}

// after looks at what the confirmation led to.
func (h *house) after(t *testing.T, v checks.Visit) {
	t.Helper()
	c := tenantstest.Must(h.cases.Read(t.Context(), h.off, v.FindingID))(t).Case
	reopened := c.State == rectification.Working && c.DueOn.String() == "2026-12-04"
	told := tenantstest.RootValue[int](h.House, `select count(*)::int from check_results where visit_id = $1`, v.ID)
	if want := map[bool]int{false: 1}[v.Outcome == checks.Again]; told != want {
		t.Errorf("after %s the unit is told %d results, want %d: a second visit comes by surprise", v.Outcome, told, want)
	}
	if reopened != (v.Outcome == checks.Reopen) {
		t.Errorf("after %s the case is %s until %s", v.Outcome, c.State, c.DueOn)
	}
	p := tenantstest.Must(h.List(t.Context(), h.off, checks.VisitFilter{States: []checks.State{checks.Planned}, Limit: 100}))(t)
	second := 0
	for _, other := range p.Items {
		if other.FindingID == v.FindingID && other.Nth == 2 {
			second++
			got := h.assigned(t, other)
			_, err := h.Report(t.Context(), h.mem, got.ID, got.Version, report(checks.Doubtful))
			tenantstest.Wants(t, err, inspection.Invalid, "check.invalid")
			got = h.reported(t, got, checks.Unchanged)
			tenantstest.Must(h.Confirm(t.Context(), h.dir, got.ID, got.Version, checks.Confirming{Outcome: checks.Nothing}))(t)
		}
	}
	if want := map[bool]int{true: 1}[v.Outcome == checks.Again]; second != want {
		t.Errorf("%d second visits after %s", second, v.Outcome)
	}
	counts := tenantstest.Must(h.Checks(t.Context(), h.dir))(t)[0].Counts
	if counts.Checked != 1 || counts.Doubtful != 0 || counts.Content != 2*(1+second) {
		t.Errorf("report says %+v", counts)
	}
}

// TestOneConfirmsNotOwn: a director who went to see lets another confirm; and a
// case that cannot be reopened undoes the confirmation.
func TestConfirmRefusals(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.agreed(t, checks.Unchanged)
	h.Root(`update check_visits set first_id = $2 where id = $1`, v.ID, h.dir.Member())
	_, err := h.Confirm(t.Context(), h.dir, v.ID, v.Version, checks.Confirming{Outcome: checks.Nothing})
	tenantstest.Wants(t, err, inspection.Forbidden, "check.own-visit")
	h.Root(`update check_visits set first_id = $2 where id = $1`, v.ID, h.mem.Member())

	h.Root(`update rectifications set state = 'submitted', closed_on = null where finding_id = $1`, v.FindingID)
	_, err = h.Confirm(t.Context(), h.dir, v.ID, v.Version,
		checks.Confirming{Outcome: checks.Reopen, Note: "未改。", DueOn: new(tenantstest.Day(t, "2026-12-04"))})
	tenantstest.Wants(t, err, inspection.Conflict, "rectification.wrong-state")
	if got := tenantstest.Must(h.Get(t.Context(), h.dir, v.ID))(t); got.State != checks.Agreed {
		t.Errorf("the refused confirmation left the visit %s", got.State)
	}
	if n := tenantstest.RootValue[int](h.House, `select count(*) from check_results`); n != 0 {
		t.Errorf("%d results of a refused confirmation", n)
	}
}

// TestLongNoteReopens reopens with a note as long as notes may be.
func TestLongNoteReopens(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.agreed(t, checks.Unchanged)
	tenantstest.Must(h.Confirm(t.Context(), h.dir, v.ID, v.Version,
		checks.Confirming{Outcome: checks.Reopen, Note: strings.Repeat("改", 2000), DueOn: new(tenantstest.Day(t, "2026-12-04"))}))(t)
}

// TestPhotos keeps a picture once, refuses what is none, and leaves no file behind.
func TestPhotos(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.planned(t)
	id := inspection.NewID[checks.PhotoID]()
	content := picture(t, 7)
	for range 2 {
		p := tenantstest.Must(h.AddPhoto(t.Context(), h.mem, v.ID, id, tenantstest.Now, bytes.NewReader(content)))(t)
		if p.ID != id || p.Size != int64(len(content)) || p.Type != "image/png" {
			t.Fatalf("kept as %+v", p)
		}
	}
	_, err := h.AddPhoto(t.Context(), h.mem, v.ID, inspection.NewID[checks.PhotoID](), tenantstest.Now, strings.NewReader("%PDF-1.7\n%%EOF\n"))
	tenantstest.Wants(t, err, inspection.Invalid, "file-kind")
	_, err = h.AddPhoto(t.Context(), h.off, v.ID, inspection.NewID[checks.PhotoID](), tenantstest.Now, bytes.NewReader(content))
	tenantstest.Wants(t, err, inspection.Forbidden, "check.not-inspector")
	for i := range 8 {
		tenantstest.Must(h.AddPhoto(t.Context(), h.disc, v.ID, inspection.NewID[checks.PhotoID](), tenantstest.Now, bytes.NewReader(picture(t, uint8(i)))))(t)
	}
	_, err = h.AddPhoto(t.Context(), h.mem, v.ID, inspection.NewID[checks.PhotoID](), tenantstest.Now, bytes.NewReader(content))
	tenantstest.Wants(t, err, inspection.Conflict, "check.photos")

	if got := tenantstest.Must(h.Get(t.Context(), h.dir, v.ID))(t); len(got.Photos) != 9 || got.Version != v.Version {
		t.Errorf("%d photos, version %d; want 9 and the version of the report's base %d", len(got.Photos), got.Version, v.Version)
	}
	if err := h.bucket.WriteAll(t.Context(), h.office.Slug+"/checks/lost/part", content, nil); err != nil {
		t.Fatal(err)
	}
	job := &checks.Service{DB: h.Jobs, Clock: h.Clock, Files: h.Files}
	if n := tenantstest.Must(job.CleanFiles(t.Context(), tenants.ForJob(h.office, "clean"), 0))(t); n != 1 {
		t.Errorf("cleaned %d files, want the lost one", n)
	}
	_, r, err := h.PhotoContent(t.Context(), h.dir, v.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	var b bytes.Buffer
	if _, err := b.ReadFrom(r); err != nil || !bytes.Equal(b.Bytes(), content) {
		t.Errorf("%d bytes came back, %v", b.Len(), err)
	}
}

// TestPhotoWithoutPlace shows a picture without what the phone wrote into it, also to
// whoever took it; the original stays in the store (BI-117).
func TestPhotoWithoutPlace(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.planned(t)
	content := sample.JPEG(sample.Scene("现场", 64, 48), 80, "2026:11:01 10:00:00")
	p := tenantstest.Must(h.AddPhoto(t.Context(), h.mem, v.ID, inspection.NewID[checks.PhotoID](), tenantstest.Now, bytes.NewReader(content)))(t)
	for who, s := range map[string]tenants.Scope{"who took it": h.mem, "the other inspector": h.disc, "the director": h.dir} {
		_, r, err := h.PhotoContent(t.Context(), s, v.ID, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		got := tenantstest.Must(io.ReadAll(r))(t)
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if bytes.Contains(got, []byte("2026:11:01")) || !bytes.HasPrefix(got, []byte("\xff\xd8\xff")) {
			t.Errorf("%s sees what the phone wrote, or no picture: %d bytes", who, len(got))
		}
	}
	kept := tenantstest.Must(h.bucket.ReadAll(t.Context(), p.Blob))(t)
	if sum := sha256.Sum256(kept); !bytes.Equal(kept, content) || p.SHA256 != hex.EncodeToString(sum[:]) {
		t.Error("the original is not what was sent")
	}
}

// TestMatrix filters by round of checks, verdict and unit.
func TestMatrix(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.agreed(t, checks.Partial)
	count := func(f checks.MatrixFilter) int {
		f.Limit = 2
		var all []string
		for {
			p := tenantstest.Must(h.Matrix(t.Context(), h.dir, f))(t)
			for _, r := range p.Items {
				all = append(all, r.Number)
			}
			if p.Next == "" {
				if p.Total != len(all) {
					t.Errorf("%+v: total %d of %v", f, p.Total, all)
				}
				return len(all)
			}
			f.Cursor = p.Next
		}
	}
	got := map[string]int{
		"all": count(checks.MatrixFilter{}), "round": count(checks.MatrixFilter{Round: h.round}),
		"another round": count(checks.MatrixFilter{Round: h.Round(h.office)}), "first": count(checks.MatrixFilter{N: 1}),
		"second": count(checks.MatrixFilter{N: 2}), "partial": count(checks.MatrixFilter{Verdict: checks.Partial}),
		"real": count(checks.MatrixFilter{Verdict: checks.Real}), "unit": count(checks.MatrixFilter{Unit: h.unit}),
		"other unit": count(checks.MatrixFilter{Unit: h.other}),
	}
	want := map[string]int{
		"all": 5, "round": 5, "another round": 0, "first": 5, "second": 0, "partial": 1, "real": 0, "unit": 5, "other unit": 0,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	row := tenantstest.Must(h.Matrix(t.Context(), h.dir, checks.MatrixFilter{Verdict: checks.Partial, Limit: 5}))(t).Items[0]
	if len(row.Cells) != 1 || row.Cells[0].VisitID != v.ID || row.Cells[0].Inspectors != "巡察组组员、纪委监委" {
		t.Errorf("cells %+v", row.Cells)
	}
}
