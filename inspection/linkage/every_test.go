package linkage_test

import (
	"slices"
	"testing"

	"xuncha/tenants/tenantstest"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/tenants"
)

// TestEvery reads more than one chunk of matters, each once, as the list's pages have
// them, and names whose they are; too many are refused before the first.
func TestEvery(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	for i, county := range []tenants.Tenant{c.County[0][0], c.County[0][1], c.County[1][0]} {
		c.Root(`insert into escalations (tenant_id, id, finding_id, state, holder, reached, title, tried, why, asked, changed_at, changed_by)
			select $1, gen_random_uuid(), $2, 'closed', $1, $3, '某事', '', '', '', now(), '某人' from generate_series(1, $4::int)`,
			county.ID, c.findings[county.ID][0], *county.Parent, []int{700, 400, 50}[i])
	}
	tests := []struct {
		name  string
		scope tenants.Scope
		box   linkage.Box
		most  int
		want  int
		whose []tenants.ID
	}{
		{"the county's own", c.As(c.County[0][0], tenants.OFF), linkage.Outbox, 700, 700, []tenants.ID{c.County[0][0].ID}},
		{"what came to the city", c.As(c.City[0], tenants.CITY), linkage.Inbox, 1100, 1100, []tenants.ID{c.County[0][0].ID, c.County[0][1].ID}},
		{"one more than may be", c.As(c.City[0], tenants.CITY), linkage.Inbox, 1099, 0, nil},
		{"what the city raised", c.As(c.City[0], tenants.CITY), linkage.Outbox, 1100, 0, nil},
		{"what came to a county", c.As(c.County[0][0], tenants.OFF), linkage.Inbox, 1100, 0, nil},
	}
	for _, tt := range tests {
		var got, listed []inspection.EscalationID
		c.Do(c.House.DB, tt.box.OfMatters(tt.scope), func(tx *tenants.Tx) error {
			whose, err := c.Every(t.Context(), tx, tt.box, tt.most, func(m linkage.Matter) error { got = append(got, m.ID); return nil })
			if refused := inspection.CodeOf(err) == "narrow-filter"; refused != (tt.most == 1099) || err != nil && !refused {
				t.Errorf("%s: %v", tt.name, err)
			}
			if !slices.Equal(whose, tt.whose) {
				t.Errorf("%s: whose are %v, want %v", tt.name, whose, tt.whose)
			}
			return nil
		})
		if len(got) != tt.want {
			t.Errorf("%s: %d matters, want %d", tt.name, len(got), tt.want)
		}
		for after := ""; tt.most != 1099; {
			p := tenantstest.Must(c.Matters(t.Context(), tt.scope, tt.box, inspection.FindingID{}, after, 100))(t)
			for _, m := range p.Items {
				listed = append(listed, m.ID)
			}
			if after = p.Next; after == "" {
				break
			}
		}
		if !slices.Equal(got, listed) {
			t.Errorf("%s: not what the list has, or not in its order", tt.name)
		}
	}
}
