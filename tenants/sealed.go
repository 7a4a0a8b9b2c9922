package tenants

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Sealed is a text that somebody signed, as it is kept.
type Sealed struct {
	Called string // which text it is, for whoever looks after it: "plan 0197…"
	Act    string // the journal's name of the act of signing
	Digest []byte
	Intact bool // the text is still the one that the digest is of
}

// SealedIn lists what was signed in the own office, as one room keeps it.
type SealedIn func(ctx context.Context, tx *Tx) ([]Sealed, error)

// CollectSealed reads rows of called, act, text and digest; intact says of a text whether
// it is still the one that the digest is of.
func CollectSealed(rows pgx.Rows, intact func(text, digest []byte) bool) ([]Sealed, error) {
	type kept struct {
		Called, Act  string
		Text, Digest []byte
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[kept])
	if err != nil {
		return nil, fmt.Errorf("what was signed: %w", err)
	}
	sealed := make([]Sealed, len(all))
	for i, k := range all {
		sealed[i] = Sealed{Called: k.Called, Act: k.Act, Digest: k.Digest, Intact: intact(k.Text, k.Digest)}
	}
	return sealed, nil
}

// VerifySealed checks the texts of one office that were signed, as the rooms list
// them: that each is the one that its digest is of, and that the journal, whose chain
// [DB.Verify] checks, has that digest in the entry of such an act. It returns how many
// hold, and names the others.
func (db *DB) VerifySealed(ctx context.Context, office Tenant, rooms ...SealedIn) (n int, broken []string, err error) {
	err = db.Read(ctx, ForJob(office, "audit.verify"), func(tx *Tx) error {
		known, err := signatures(ctx, tx)
		if err != nil {
			return err
		}
		for _, room := range rooms {
			all, err := room(ctx, tx)
			if err != nil {
				return err
			}
			for _, s := range all {
				if !s.Intact || !known[s.Act+" "+hex.EncodeToString(s.Digest)] {
					broken = append(broken, s.Called+" is not what was signed")
					continue
				}
				n++
			}
		}
		return nil
	})
	if err != nil {
		return n, nil, fmt.Errorf("verify what was signed: %w", err)
	}
	return n, broken, nil
}

// signatures are the digests that the journal of the own office has, each behind its
// act. They stand at the end of an entry: what people wrote themselves stands before.
func signatures(ctx context.Context, tx *Tx) (map[string]bool, error) {
	rows, _ := tx.Query(ctx, `
		select distinct j.action || ' ' || m[1]
		from journal j, regexp_match(j.detail->>'text', '(?:校验码|正文摘要) ([0-9a-f]{64})$') m
		where `+Own("j")+` and m is not null`)
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	known := make(map[string]bool, len(all))
	for _, s := range all {
		known[s] = true
	}
	return known, err
}
