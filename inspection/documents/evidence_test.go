package documents_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gocloud.dev/blob/memblob"

	"xuncha/inspection"
	"xuncha/inspection/documents"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rectification/files/sample"
	"xuncha/tenants"
)

// withFiles gives the house a store, and a problem of the water bureau with a photo,
// a document that was replaced, and the one in its place.
func withFiles(t *testing.T) (*house, inspection.FindingID, []rectification.Evidence) {
	t.Helper()
	h := newHouse(t)
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() { _ = bucket.Close() })
	h.documents.Cases.Files = files.NewStore(bucket)
	id := h.put(h.water, 1, "水费收缴不规范。", 0, true, "修订办法。")
	liaison := h.As(h.office, tenants.UNIT, h.water)
	photo := sample.JPEG(sample.Scene("现场", 64, 48), 80, "2026:08:01 10:00:00")
	var all []rectification.Evidence
	add := func(u rectification.Uploading, content []byte) {
		u.Size, u.NotSecret = int64(len(content)), true
		p, err := h.documents.Cases.BeginUpload(t.Context(), liaison, id, u)
		if err == nil {
			_, err = h.documents.Cases.Receive(t.Context(), liaison, p.ID, 0, bytes.NewReader(content))
		}
		if err != nil {
			t.Fatal(err)
		}
		e, err := h.documents.Cases.Complete(t.Context(), liaison, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	add(rectification.Uploading{Name: "现场.jpg", Note: "=HYPERLINK(\"x\")"}, photo)
	add(rectification.Uploading{Name: "../../办法.pdf"}, []byte("%PDF-1.7\n旧\n%%EOF\n"))
	add(rectification.Uploading{Name: "办法.pdf", Replaces: &all[1].ID}, []byte("%PDF-1.7\n新\n%%EOF\n"))
	return h, id, all
}

// TestEvidenceCatalogue takes the catalogue of chosen items out.
func TestEvidenceCatalogue(t *testing.T) {
	t.Parallel()
	h, id, all := withFiles(t)
	h.put(h.edu, 2, "另一个问题。", 0, true)
	get := func(scope tenants.Scope, items ...inspection.FindingID) workbook {
		t.Helper()
		file, err := h.documents.Evidence(t.Context(), scope, rectification.Filter{Items: items, Sort: "number"}, documents.Wish{Form: documents.All})
		if err != nil {
			t.Fatal(err)
		}
		return open(t, file)
	}
	w := get(h.off, id)
	if diff := cmp.Diff([]string{"现场.jpg", "办法.pdf", "办法（2）.pdf"}, w.column("文件名")); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	var sums []string
	for _, e := range all {
		sums = append(sums, e.SHA256)
	}
	if diff := cmp.Diff(sums, w.column("SHA-256")); diff != "" {
		t.Errorf("digests (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"有效", "已被替换", "有效"}, w.column("状态")); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	if f, err := w.GetCellFormula(w.sheet, "J4"); f != "" || err != nil {
		t.Errorf("an explanation became the formula %s, %v", f, err)
	}
	if n := len(get(h.off).rows()); n != 3 {
		t.Errorf("%d files of the whole ledger, want 3", n)
	}
	if n := len(get(h.As(h.office, tenants.UNIT, h.edu), id).rows()); n != 0 {
		t.Errorf("another unit takes %d files out", n)
	}
	if n := len(get(h.As(h.County[0][1], tenants.OFF), id).rows()); n != 0 {
		t.Errorf("another county takes %d files out", n)
	}
}

// unpacked fetches a zip and returns its entries.
func unpacked(t *testing.T, h *house, scope tenants.Scope, id inspection.FindingID, reason string) (names []string, content map[string][]byte, err error) {
	t.Helper()
	a, err := h.documents.Archive(t.Context(), scope, id, reason)
	if err != nil {
		return nil, nil, err
	}
	var b bytes.Buffer
	if err := a.Write(t.Context(), &b); err != nil {
		return nil, nil, err
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		return nil, nil, err
	}
	content = map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if content[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		names = append(names, f.Name)
	}
	return names, content, nil
}

// TestArchive fetches an item's files as a zip: names that are safe and apart, what
// was uploaded as it was, and digests that fit.
func TestArchive(t *testing.T) {
	t.Parallel()
	h, id, all := withFiles(t)
	names, content, err := unpacked(t, h, h.off, id, "")
	if err != nil {
		t.Fatal(err)
	}
	folder := h.office.Prefix + "-01-01-001/"
	want := []string{"001 现场.jpg", "已被替换/002 办法.pdf", "003 办法（2）.pdf", "佐证目录.xlsx", "SHA256SUMS.txt"}
	for i := range want {
		want[i] = folder + want[i]
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	for line := range strings.Lines(string(content[folder+"SHA256SUMS.txt"])) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		got := sha256.Sum256(content[folder+name])
		if hex.EncodeToString(got[:]) != sum || !slices.ContainsFunc(all, func(e rectification.Evidence) bool { return e.SHA256 == sum }) {
			t.Errorf("%s is not what was uploaded, or its digest is wrong", name)
		}
	}
	book := open(t, documents.File{Content: content[folder+"佐证目录.xlsx"]})
	if got := book.column("压缩包内的文件"); len(got) != 3 || got[1] != "已被替换/002 办法.pdf" {
		t.Errorf("the catalogue says %v", got)
	}
	var n int
	h.Do(h.DB, h.off, func(tx *tenants.Tx) error {
		return tx.QueryRow(t.Context(), `select count(*) from journal where action = 'evidence.archive'`).Scan(&n)
	})
	if n != 1 {
		t.Errorf("%d entries in the journal, want 1", n)
	}
	if _, _, err := unpacked(t, h, h.As(h.County[0][1], tenants.OFF), id, ""); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("another county: %v, want not found", err)
	}
}

// TestArchiveForOthers: who does not answer for the files takes photos without what
// the camera wrote, and from above gives a reason.
func TestArchiveForOthers(t *testing.T) {
	t.Parallel()
	h, id, all := withFiles(t)
	org := h.As(h.office, tenants.ORG)
	names, content, err := unpacked(t, h, org, id, "")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(names[0], "001 现场（不含拍摄地点）.jpg") || bytes.Contains(content[names[0]], []byte("2026:08:01")) {
		t.Errorf("%s says what the camera wrote", names[0])
	}
	if sum := sha256.Sum256(content[names[0]]); hex.EncodeToString(sum[:]) == all[0].SHA256 {
		t.Error("the copy has the original's digest")
	}
	h.Root(`update evidence set submission = 1, issued_at = now()`)
	above, err := h.As(h.City[0], tenants.CITY).Below(h.office)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := unpacked(t, h, above, id, ""); inspection.CodeOf(err) != "rectification.invalid" {
		t.Errorf("the city without a reason: %v", err)
	}
	if _, _, err := unpacked(t, h, above, id, "抽查"); err != nil {
		t.Errorf("the city: %v", err)
	}
}

// TestArchiveAltered: a file that is not what was uploaded is not handed on.
func TestArchiveAltered(t *testing.T) {
	t.Parallel()
	h, id, _ := withFiles(t)
	h.Root(`update evidence set sha256 = sha256('other') where name = '现场.jpg'`)
	if _, _, err := unpacked(t, h, h.off, id, ""); err == nil || !strings.Contains(err.Error(), "not what was uploaded") {
		t.Errorf("err = %v, want that the file was altered", err)
	}
	if _, err := h.documents.Archive(context.Background(), h.off, inspection.NewID[inspection.FindingID](), ""); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("no such item: %v", err)
	}
}
