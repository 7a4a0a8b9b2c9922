package rectification

import (
	"context"
	"io"

	"xuncha/inspection"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rectification/preview"
	"xuncha/tenants"
)

// Opening says how a file of evidence is opened.
type Opening struct {
	Reason  string // why, for a file of an office below; needed there
	Shown   bool   // on screen, and not kept: what a camera wrote into it is not needed
	Resumed bool   // a later range of a file that is being read: leaves no second entry
}

// Content opens a file of evidence. Each reading is in the journal of the office
// whose file it is; from above it needs a reason.
//
// What a camera wrote into a photo or a film (the place, the owner, the device)
// stays with the original on the server. The unit, the office and the discipline
// commission take the original, because they answer for what is in it or look into
// it; what is shown, and what others take, is a copy without it ([files.Clean]).
// whole reports whether it is the original.
func (s *Service) Content(
	ctx context.Context, scope tenants.Scope, id inspection.EvidenceID, o Opening,
) (e Evidence, r io.ReadSeekCloser, whole bool, err error) {
	if e, err = s.opened(ctx, scope, id, o); err != nil {
		return e, nil, false, err
	}
	r, whole, err = s.content(ctx, scope, e, o.Shown)
	return e, r, whole, err
}

// content opens the file of evidence as the scope may take it, or see it.
func (s *Service) content(ctx context.Context, scope tenants.Scope, e Evidence, shown bool) (r io.ReadSeekCloser, whole bool, err error) {
	blob, err := s.Files.Open(ctx, e.Blob)
	if err != nil {
		return nil, false, err
	}
	if !files.Original(e.Type) || e.wholly(scope) && !shown {
		return blob, true, nil
	}
	clean, err := files.Clean(blob, e.Size, e.Type)
	if err == nil {
		return copied{clean, blob}, false, nil
	}
	_ = blob.Close()
	if !e.wholly(scope) {
		return nil, false, err
	}
	blob, err = s.Files.Open(ctx, e.Blob)
	return blob, true, err
}

// copied is a clean copy with the file behind it.
type copied struct {
	io.ReadSeeker
	io.Closer
}

// wholly reports whether the scope takes the file as it was handed in.
func (e Evidence) wholly(scope tenants.Scope) bool {
	if !files.Original(e.Type) {
		return true
	}
	if e.TenantID != scope.Tenant() {
		return false
	}
	switch scope.Role() {
	case tenants.UNIT, tenants.HEAD, tenants.OFF, tenants.DIR, tenants.DISC:
		return true
	}
	return false
}

// opened returns the evidence and leaves an entry that it was read.
func (s *Service) opened(ctx context.Context, scope tenants.Scope, id inspection.EvidenceID, o Opening) (e Evidence, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if e, err = getEvidence(ctx, tx, id, ""); err != nil {
			return err
		}
		entry := tenants.Entry{
			Office: e.TenantID, Action: "evidence.read", Object: "finding", ID: e.FindingID.UUID,
			Detail: tenants.Detail{Title: "查看佐证", Text: e.Name},
		}
		if !o.Shown {
			entry.Detail.Title = "下载佐证"
		}
		if e.TenantID != scope.Tenant() {
			reason, err := reasonAbove(o.Reason)
			if err != nil {
				return err
			}
			entry.Action, entry.Detail.Title, entry.Detail.Text = "evidence.read-above", "上级"+entry.Detail.Title, e.Name+"："+reason
		}
		if !o.Resumed {
			tx.Journal(entry)
		}
		return nil
	})
	if err != nil {
		return e, err
	}
	e.see(scope, nil)
	return e, nil
}

// reasonAbove is why somebody above opens files of an office below.
func reasonAbove(reason string) (string, error) {
	var bad inspection.Fields
	reason = bad.Text("#/query/reason", reason, true, 200)
	return reason, bad.Err("rectification.invalid")
}

// previewing is how many previews are made at once: each holds its file in memory.
var previewing = make(chan struct{}, 2)

// Preview shows a file of evidence as a page ([preview.Page]). It is read as by
// [Service.Content], and leaves the same entry.
func (s *Service) Preview(ctx context.Context, scope tenants.Scope, id inspection.EvidenceID, reason string) (Evidence, []byte, error) {
	e, err := s.opened(ctx, scope, id, Opening{Reason: reason, Shown: true})
	if err != nil {
		return e, nil, err
	}
	if err := preview.Fits(e.Type, e.Size); err != nil {
		return e, nil, err
	}
	select {
	case previewing <- struct{}{}:
		defer func() { <-previewing }()
	case <-ctx.Done():
		return e, nil, ctx.Err()
	}
	r, err := s.Files.Open(ctx, e.Blob)
	if err != nil {
		return e, nil, err
	}
	content, err := io.ReadAll(r)
	_ = r.Close()
	if err != nil {
		return e, nil, err
	}
	page, err := preview.Page(ctx, content, e.Type, e.Name)
	return e, page, err
}
