package rectification_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"

	"xuncha/tenants/tenantstest"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files"
)

// TestUploadCutEverywhere cuts an upload at every 64 KiB and sends each part twice
// at full size one of a whole chunk: a part counts once, nothing is seen before the whole, and the whole is
// what was sent.
func TestUploadCutEverywhere(t *testing.T) {
	t.Parallel()
	const step = 64 << 10
	h := newHouse(t)
	c := h.issued(t)
	steps := 8
	if tenantstest.Full() {
		steps = files.MaxChunk/step - 1
	}
	file := append(pdf("逐段中断"), bytes.Repeat([]byte("0123456789abcdef"), steps*step/16)...)
	for cut := step; cut < len(file); cut += step {
		p := tenantstest.Must(h.cases.BeginUpload(t.Context(), h.liaison, c.ID,
			rectification.Uploading{Name: "佐证.pdf", Size: int64(len(file)), NotSecret: true}))(t)
		_, err := h.cases.Receive(t.Context(), h.liaison, p.ID, 0, cutAfter(file, cut))
		if !errors.Is(err, files.ErrCut) {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		_, err = h.cases.Receive(t.Context(), h.liaison, p.ID, 0, bytes.NewReader(file[:cut]))
		tenantstest.Wants(t, err, inspection.Conflict, "upload.offset")
		_, err = h.cases.Complete(t.Context(), h.liaison, p.ID)
		tenantstest.Wants(t, err, inspection.Conflict, "upload.incomplete")
		p = tenantstest.Must(h.cases.Upload(t.Context(), h.liaison, p.ID))(t)
		if p.Received != int64(cut) {
			t.Fatalf("cut at %d: %d bytes count", cut, p.Received)
		}
		seen := len(h.read(t, c.ID).Files)
		tenantstest.Must(h.cases.Receive(t.Context(), h.liaison, p.ID, p.Received, bytes.NewReader(file[cut:])))(t)
		if n := len(h.read(t, c.ID).Files); n != seen {
			t.Fatalf("cut at %d: %d files are seen before the whole, want %d", cut, n, seen)
		}
		e := tenantstest.Must(h.cases.Complete(t.Context(), h.liaison, p.ID))(t)
		if sum := sha256.Sum256(file); e.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("cut at %d: another file came of it", cut)
		}
	}
}
