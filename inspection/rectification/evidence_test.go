package rectification_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"xuncha/tenants/tenantstest"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files"
	"xuncha/tenants"
)

// content reads a file of evidence whole.
func (h *house) content(t *testing.T, s tenants.Scope, id inspection.EvidenceID, reason string) ([]byte, error) {
	t.Helper()
	_, r, _, err := h.cases.Content(t.Context(), s, id, rectification.Opening{Reason: reason})
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	return tenantstest.Must(io.ReadAll(r))(t), nil
}

// cutAfter gives n bytes and then fails, as a connection that breaks.
func cutAfter(b []byte, n int) io.Reader {
	return io.MultiReader(bytes.NewReader(b[:n]), iotest.ErrReader(io.ErrUnexpectedEOF))
}

// TestUploadCutAndResumed breaks an upload at random bytes, some inside the head
// by which kinds are told, and goes on each time where the answer says.
func TestUploadCutAndResumed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.issued(t)
	file := append(pdf("很长的佐证"), bytes.Repeat([]byte("% 填充内容\n"), 40_000)...)
	u := rectification.Uploading{Name: "佐证.pdf", Size: int64(len(file)), NotSecret: true}
	for round := range 5 {
		p := tenantstest.Must(h.cases.BeginUpload(t.Context(), h.liaison, c.ID, u))(t)
		random := rand.New(rand.NewPCG(1, uint64(round)))
		for cuts := 0; p.Received < p.Size; cuts++ {
			rest := file[p.Received:]
			if cuts == 8 { // the network holds at last
				p = tenantstest.Must(h.cases.Receive(t.Context(), h.liaison, p.ID, p.Received, bytes.NewReader(rest)))(t)
				break
			}
			n := random.IntN(min(len(rest), 50_000))
			if cuts == 0 {
				n = random.IntN(30)
			}
			got, err := h.cases.Receive(t.Context(), h.liaison, p.ID, p.Received, cutAfter(rest, n))
			if !errors.Is(err, files.ErrCut) || got.Received != p.Received+int64(n) {
				t.Fatalf("cut after %d: received %d, %v; want %d", n, got.Received, err, p.Received+int64(n))
			}
			if f := h.read(t, c.ID).Files; len(f) != round {
				t.Fatalf("%d files are visible while one is on its way, want %d", len(f), round)
			}
			_, err = h.cases.Complete(t.Context(), h.liaison, p.ID)
			tenantstest.Wants(t, err, inspection.Conflict, "upload.incomplete")
			p = tenantstest.Must(h.cases.Upload(t.Context(), h.liaison, p.ID))(t)
		}
		e := tenantstest.Must(h.cases.Complete(t.Context(), h.liaison, p.ID))(t)
		again := tenantstest.Must(h.cases.Complete(t.Context(), h.liaison, p.ID))(t)
		if sum := sha256.Sum256(file); e.SHA256 != hex.EncodeToString(sum[:]) || again.ID != e.ID {
			t.Fatalf("digest %s, want %x; asked again %s, want %s", e.SHA256, sum, again.ID, e.ID)
		}
		if got := tenantstest.Must(h.content(t, h.off, e.ID, ""))(t); !bytes.Equal(got, file) {
			t.Fatalf("%d bytes came back, want %d as they were", len(got), len(file))
		}
	}
	var names []string
	for _, e := range h.read(t, c.ID).Files {
		names = append(names, e.Name)
	}
	want := []string{"佐证.pdf", "佐证（2）.pdf", "佐证（3）.pdf", "佐证（4）.pdf", "佐证（5）.pdf"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

// TestUploadRefused tries what must not become evidence, and that nothing of it
// stays.
func TestUploadRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.issued(t)
	ok := rectification.Uploading{Name: "佐证.pdf", Size: 10, NotSecret: true}
	with := func(change func(*rectification.Uploading)) rectification.Uploading {
		u := ok
		change(&u)
		return u
	}
	late, stray, foreign := tenantstest.Day(t, "2026-11-21"), inspection.NewID[inspection.MeasureID](), inspection.NewID[inspection.EvidenceID]()
	begin := []struct {
		name string
		u    rectification.Uploading
		kind inspection.Kind
		code string
	}{
		{"empty", with(func(u *rectification.Uploading) { u.Size = 0 }), inspection.Invalid, "empty-file"},
		{"one byte too many", with(func(u *rectification.Uploading) { u.Size = files.MaxSize + 1 }), inspection.TooLarge, "too-large"},
		{"deceiving name", with(func(u *rectification.Uploading) { u.Name = "报告\u202excod.exe" }), inspection.Invalid, "unsafe-filename"},
		{"not declared", with(func(u *rectification.Uploading) { u.NotSecret = false }), inspection.Invalid, "required"},
		{"made tomorrow", with(func(u *rectification.Uploading) { u.FormedOn = &late }), inspection.Invalid, "day-order"},
		{"another's measure", with(func(u *rectification.Uploading) { u.Measure = &stray }), inspection.Invalid, "rectification.invalid"},
		{"replaces nothing", with(func(u *rectification.Uploading) { u.Replaces = &foreign }), inspection.Invalid, "rectification.invalid"},
	}
	for _, tt := range begin {
		_, err := h.cases.BeginUpload(t.Context(), h.liaison, c.ID, tt.u)
		if inspection.KindOf(err) != tt.kind || inspection.CodeOf(err) != tt.code {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.code)
		}
	}
	whole := []struct {
		name, file string
		content    []byte
		code       string
	}{
		{"a page", "说明.pdf", []byte("<!DOCTYPE html><script>alert(1)</script>"), "file-kind"},
		{"a drawing", "图.png", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "file-kind"},
		{"a program", "佐证.pdf", []byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00"), "file-kind"},
		{"a marked text", "通知.txt", []byte("机密★10年\n关于……的通知"), "state-secret"},
	}
	for _, tt := range whole {
		u := ok
		u.Name, u.Size = tt.file, int64(len(tt.content))
		p := tenantstest.Must(h.cases.BeginUpload(t.Context(), h.liaison, c.ID, u))(t)
		tenantstest.Must(h.cases.Receive(t.Context(), h.liaison, p.ID, 0, bytes.NewReader(tt.content)))(t)
		_, err := h.cases.Complete(t.Context(), h.liaison, p.ID)
		tenantstest.Wants(t, err, inspection.Invalid, tt.code)
		if p := tenantstest.Must(h.cases.Upload(t.Context(), h.liaison, p.ID))(t); p.State != "refused" {
			t.Errorf("%s: the upload is %s, want refused", tt.name, p.State)
		}
		_, err = h.cases.Complete(t.Context(), h.liaison, p.ID)
		tenantstest.Wants(t, err, inspection.Conflict, "upload.ended")
	}
	if n := len(h.read(t, c.ID).Files); n != 0 {
		t.Errorf("%d files became evidence", n)
	}
	acts := strings.Join(h.journal(t, h.off, c.ID), " ")
	if refused, secret := strings.Count(acts, "evidence.refuse"), strings.Count(acts, "evidence.secret"); refused != len(whole)-1 || secret != 1 {
		t.Errorf("%d refusals and %d marked files in the journal, want %d and 1", refused, secret, len(whole)-1)
	}
	for _, e := range tenantstest.Must(h.cases.Timeline(t.Context(), h.off, c.ID, 0, 100))(t) {
		if e.Action == "evidence.refuse" && !strings.HasSuffix(e.Text, "。") {
			t.Errorf("the journal says %q, which is no sentence", e.Text)
		}
	}
	if n := tenantstest.Must(h.cases.CleanFiles(t.Context(), tenants.ForJob(h.office, "test"), 0))(t); n != 0 {
		t.Errorf("%d files were left behind", n)
	}
}

// TestChunks sends chunks out of order, too large, past the end, and two at once.
func TestChunks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.issued(t)
	file := append(pdf("分段"), make([]byte, 9<<20)...)
	p := tenantstest.Must(h.cases.BeginUpload(t.Context(), h.liaison, c.ID,
		rectification.Uploading{Name: "a.pdf", Size: int64(len(file)), NotSecret: true}))(t)
	receive := func(offset int64, b []byte) error {
		_, err := h.cases.Receive(context.Background(), h.liaison, p.ID, offset, bytes.NewReader(b))
		return err
	}
	tenantstest.Wants(t, receive(5, file[5:10]), inspection.Conflict, "upload.offset")
	tenantstest.Wants(t, receive(0, file[:files.MaxChunk+1]), inspection.TooLarge, "too-large")
	if got := tenantstest.Must(h.cases.Upload(t.Context(), h.liaison, p.ID))(t); got.Received != 0 {
		t.Fatalf("%d bytes counted of refused chunks", got.Received)
	}
	for at := int64(0); at < 1000; at += 100 { // the same chunk by four at once, ten times
		var wg sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			wg.Go(func() { errs[i] = receive(at, file[at:at+100]) })
		}
		wg.Wait()
		taken := 0
		for _, err := range errs {
			if err == nil {
				taken++
				continue
			}
			tenantstest.Wants(t, err, inspection.Conflict, "upload.offset")
			if now, ok := current(err).(rectification.Upload); !ok || now.Received != at+100 {
				t.Errorf("the refusal carries %+v, want where to go on", now)
			}
		}
		if taken != 1 {
			t.Errorf("%d of the same chunk were taken, want 1", taken)
		}
	}
	if err := receive(1000, file[1000:1000+files.MaxChunk]); err != nil {
		t.Fatal(err)
	}
	tenantstest.Wants(t, receive(1000+files.MaxChunk, append(file[1000+files.MaxChunk:], 'x')), inspection.TooLarge, "too-large")
	if err := receive(1000+files.MaxChunk, file[1000+files.MaxChunk:]); err != nil {
		t.Fatal(err)
	}
	e := tenantstest.Must(h.cases.Complete(t.Context(), h.liaison, p.ID))(t)
	if got := tenantstest.Must(h.content(t, h.liaison, e.ID, ""))(t); !bytes.Equal(got, file) {
		t.Error("the parts were put together wrongly")
	}
}

// TestEvidenceIsolation asks for uploads and files as those who must not have
// them, and as those who may.
func TestEvidenceIsolation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.working(t)
	e := h.read(t, c.ID).Files[0]
	city := h.As(h.City[0], tenants.CITY)
	below := tenantstest.Must(city.Below(h.office))(t)
	colleague := h.As(h.office, tenants.UNIT, h.unit)
	strangers := map[string]tenants.Scope{
		"another unit": h.As(h.office, tenants.UNIT, h.Unit(h.office, "县教育局党组")),
		"a sibling":    h.As(h.County[0][1], tenants.OFF), "the city at home": city, "the other city": h.As(h.City[1], tenants.CITY),
		"the city before it is handed in": below,
	}
	for who, s := range strangers {
		if _, err := h.content(t, s, e.ID, "核查"); inspection.KindOf(err) != inspection.NotFound {
			t.Errorf("%s: %v, want not found", who, err)
		}
		if err := h.cases.Withdraw(t.Context(), s, e.ID); inspection.KindOf(err) != inspection.NotFound {
			t.Errorf("%s withdraws: %v, want not found", who, err)
		}
	}
	for who, s := range map[string]tenants.Scope{"the unit": colleague, "the office": h.off, "a party": h.disc} {
		if _, err := h.content(t, s, e.ID, ""); err != nil {
			t.Errorf("%s: %v", who, err)
		}
	}
	p := tenantstest.Must(h.cases.BeginUpload(t.Context(), h.liaison, c.ID, rectification.Uploading{Name: "a.pdf", Size: 5, NotSecret: true}))(t)
	moved := tenants.ForGrant(tenants.Acting{ // to another unit, since
		Office: h.office, Member: h.liaison.Member(), Grant: h.liaison.Grant(), Name: "某人", Role: tenants.UNIT,
		Unit: h.Unit(h.office, "县卫生健康局党组"),
	})
	for who, s := range map[string]tenants.Scope{"a colleague": colleague, "the office": h.off, "who moved on": moved} {
		if _, err := h.cases.Upload(t.Context(), s, p.ID); inspection.KindOf(err) != inspection.NotFound {
			t.Errorf("%s sees an upload under way: %v", who, err)
		}
	}
	c = h.read(t, c.ID).Case
	tenantstest.Must(h.cases.Submit(t.Context(), h.head, c.ID, c.Version, rectification.Handing{Statement: "已完成。"}))(t)
	_, err := h.content(t, below, e.ID, "")
	tenantstest.Wants(t, err, inspection.Invalid, "rectification.invalid")
	tenantstest.Must(h.content(t, below, e.ID, "抽查佐证"))(t)
	above := tenants.ID(0)
	h.Do(h.DB, h.off, func(tx *tenants.Tx) error {
		return tx.QueryRow(t.Context(), `
			select actor_tenant from journal where action = 'evidence.read-above' and detail ->> 'text' like '%抽查佐证'`).Scan(&above)
	})
	if above != city.Tenant() {
		t.Errorf("the county's journal names %d as reader, want the city %d", above, city.Tenant())
	}
}

// TestReplaceAndWithdraw replaces what was handed in and withdraws what was not.
func TestReplaceAndWithdraw(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.given(t, rectification.Returned)
	old := h.read(t, c.ID).Files[0]
	tenantstest.Wants(t, h.cases.Withdraw(t.Context(), h.liaison, old.ID), inspection.Conflict, "evidence.handed-in")
	fresh := h.uploaded(t, h.liaison, c.ID, rectification.Uploading{Name: "佐证.pdf", Measure: old.MeasureID, Replaces: &old.ID}, pdf("新"))
	files := func() map[inspection.EvidenceID]bool {
		replaced := map[inspection.EvidenceID]bool{}
		for _, e := range h.read(t, c.ID).Files {
			replaced[e.ID] = e.Replaced
		}
		return replaced
	}
	if got := files(); !got[old.ID] || got[fresh.ID] || len(got) != 3 {
		t.Fatalf("replaced = %v, want the old one alone", got)
	}
	tenantstest.Must(h.content(t, h.off, old.ID, ""))(t)
	if n := h.read(t, c.ID).Evidence; n != 2 {
		t.Errorf("%d pieces of evidence count, want 2", n)
	}
	if err := h.cases.Withdraw(t.Context(), h.liaison, fresh.ID); err != nil {
		t.Fatal(err)
	}
	if got := files(); got[old.ID] || len(got) != 2 {
		t.Errorf("after the withdrawal %v, want the old one in its place", got)
	}
	if _, err := h.content(t, h.off, fresh.ID, ""); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("a withdrawn file: %v, want not found", err)
	}
	c = h.given(t, rectification.Submitted)
	_, err := h.cases.BeginUpload(t.Context(), h.liaison, c.ID, rectification.Uploading{Name: "a.pdf", Size: 5, NotSecret: true})
	tenantstest.Wants(t, err, inspection.Conflict, "rectification.wrong-state")
}

// TestHints shows reviewers, and nobody of the unit, what to look at twice.
func TestHints(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, second := h.issued(t), h.issued(t)
	early := tenantstest.Day(t, "2026-03-02")
	h.uploaded(t, h.liaison, first.ID, rectification.Uploading{Name: "IMG_0712.pdf"}, pdf("同一文件"))
	h.uploaded(t, h.liaison, second.ID, rectification.Uploading{Name: "照片.pdf", FormedOn: &early}, pdf("同一文件"))
	var codes []string
	for _, hint := range h.read(t, second.ID).Files[0].Hints {
		codes = append(codes, hint.Code)
	}
	if diff := cmp.Diff([]string{"same-file", "before-feedback"}, codes); diff != "" {
		t.Errorf("hints (-want +got):\n%s", diff)
	}
	if f := tenantstest.Must(h.cases.Read(t.Context(), h.liaison, second.ID))(t).Files[0]; len(f.Hints) != 0 {
		t.Errorf("the unit reads %v", f.Hints)
	}
}

// TestCleanFiles removes what is nobody's and nothing that somebody needs.
func TestCleanFiles(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.working(t)
	job := tenants.ForJob(h.office, "files.clean")
	half := tenantstest.Must(h.cases.BeginUpload(t.Context(), h.liaison, c.ID, rectification.Uploading{Name: "a.pdf", Size: 100, NotSecret: true}))(t)
	_, err := h.cases.Receive(t.Context(), h.liaison, half.ID, 0, cutAfter(pdf("一半"), 20))
	if !errors.Is(err, files.ErrCut) {
		t.Fatal(err)
	}
	_, err = h.cases.Files.Append(t.Context(), h.office.Slug+"/evidence", strings.NewReader("孤儿"), 100, tenantstest.Must(files.ResumeDigest(nil))(t))
	if err != nil {
		t.Fatal(err)
	}
	if n := tenantstest.Must(h.cases.CleanFiles(t.Context(), job, time.Hour))(t); n != 0 {
		t.Errorf("%d young files were removed", n)
	}
	if n := tenantstest.Must(h.cases.CleanFiles(t.Context(), job, 0))(t); n != 1 {
		t.Errorf("%d files were removed, want the orphan alone", n)
	}
	h.Root(`update uploads set at = at - interval '25 hours' where id = $1`, half.ID)
	if n := tenantstest.Must(h.cases.CleanFiles(t.Context(), job, 0))(t); n != 1 {
		t.Errorf("%d files were removed, want the part of the upload that rested too long", n)
	}
	tenantstest.Wants(t, func() error {
		_, err := h.cases.Receive(t.Context(), h.liaison, half.ID, 20, strings.NewReader("x"))
		return err
	}(), inspection.Conflict, "upload.ended")
	for _, e := range h.read(t, c.ID).Files {
		tenantstest.Must(h.content(t, h.off, e.ID, ""))(t)
	}
	gone := h.read(t, c.ID).Files[0]
	if err := h.cases.Withdraw(t.Context(), h.liaison, gone.ID); err != nil {
		t.Fatal(err)
	}
	if n := tenantstest.Must(h.cases.CleanFiles(t.Context(), job, 0))(t); n != 0 {
		t.Errorf("%d files were removed within a day of a withdrawal", n)
	}
	h.Root(`update evidence set withdrawn_at = withdrawn_at - interval '25 hours' where id = $1`, gone.ID)
	if n := tenantstest.Must(h.cases.CleanFiles(t.Context(), job, 0))(t); n != 1 {
		t.Errorf("%d files were removed, want the withdrawn one", n)
	}
}
