package statistics

import (
	"xuncha/inspection"
	"xuncha/tenants"
)

// updatedOn is when an office's ledger last changed.
type updatedOn struct {
	TenantID tenants.ID     `db:"tenant_id"`
	On       inspection.Day `db:"updated_on"`
}

// ledgersUpdated asks when the ledgers last changed of the offices of the reach that
// count nothing. One that never had a ledger has no row.
const ledgersUpdated = `select tenant_id, updated_on from sec.ledgers_updated()`

// updates fills in when the ledgers of missing offices last changed; of one that stands
// for others, the last of them.
func (o *Overview) updates(tree []tenants.Tenant, on map[tenants.ID]inspection.Day) {
	for _, t := range tree {
		for _, lines := range [][]Line{o.Rows, o.Leaves, o.Own} {
			for i := range lines {
				if l := &lines[i]; l.Slug == t.Slug && l.Missing {
					l.UpdatedOn = latest(tree, t, l.Below, on)
				}
			}
		}
	}
}

func latest(tree []tenants.Tenant, t tenants.Tenant, below bool, on map[tenants.ID]inspection.Day) (last *inspection.Day) {
	for _, u := range tree {
		day, ok := on[u.ID]
		inside := u.ID == t.ID || below && t.Lo <= u.ID && u.ID <= t.Hi
		if ok && inside && (last == nil || *last < day) {
			last = &day
		}
	}
	return last
}
