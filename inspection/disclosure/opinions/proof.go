package opinions

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/google/uuid"

	"xuncha/inspection"
)

// How long a page lies before somebody who checks what he wrote can have read it, and
// how long it may lie.
const (
	readsFor = 2 * time.Second
	waitsFor = 2 * time.Hour
)

// Prove returns what goes with the page on which a writer checks what he is about to
// send. It holds for these words alone, and for a while.
func (b *Box) Prove(said Said) string {
	id := inspection.NewID[inspection.OpinionID]()
	head := binary.BigEndian.AppendUint64(id.UUID[:], uint64(b.Clock().UnixMilli()))
	return base64.RawURLEncoding.EncodeToString(append(head, b.seal(head, said)...))
}

// Check returns the identifier that a proof gives to what was said. A proof that came
// back sooner than anybody reads, too late, or with other words is a Conflict: the
// writer looks at the page again.
func (b *Box) Check(proof string, said Said) (id inspection.OpinionID, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(proof)
	if err != nil || len(raw) != 24+16 || !hmac.Equal(raw[24:], b.seal(raw[:24], said)) {
		return id, inspection.Errorf(inspection.Conflict, "opinion.unproven", "请核对以下内容，确认后再提交。")
	}
	shown := time.UnixMilli(int64(binary.BigEndian.Uint64(raw[16:24])))
	switch lay := b.Clock().Sub(shown); {
	case lay < readsFor:
		return id, inspection.Errorf(inspection.Conflict, "opinion.too-soon", "提交过快。请核对以下内容，确认后再提交。")
	case lay > waitsFor:
		return id, inspection.Errorf(inspection.Conflict, "opinion.too-late", "页面停留时间过长。请再次核对以下内容，确认后提交。")
	}
	return inspection.OpinionID{UUID: uuid.UUID(raw[:16])}, nil
}

// seal binds a proof to the words that it was made for.
func (b *Box) seal(head []byte, said Said) []byte {
	return b.keyed("proof", string(head)+fmt.Sprintf("%q", []any{said.Notice, said.Item, said.NotFixed, said.Name, said.Text, said.MayShow}))[:16]
}
