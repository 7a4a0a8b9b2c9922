package tenants_test

import (
	"testing"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

func TestPlant(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	owner := h.Login("xuncha_owner")
	plant := func(parent, level, code, slug string) (tenants.Tenant, error) {
		return tenants.Plant(t.Context(), owner, parent, tenants.Tenant{
			Level: level, Code: code, OrgCode: code, Slug: slug, Name: slug, Office: slug, Short: slug, Prefix: "X",
		})
	}
	city := h.City[0]
	first, err := plant(city.Slug, "county", "990151", "new-one")
	if err != nil {
		t.Fatal(err)
	}
	second, err := plant(city.Slug, "county", "990152", "new-two")
	if err != nil {
		t.Fatal(err)
	}
	if first.Lo <= city.Lo || second.Hi > city.Hi || first.Hi >= second.Lo || *second.Parent != city.ID {
		t.Errorf("%d..%d and %d..%d do not lie apart in %d..%d", first.Lo, first.Hi, second.Lo, second.Hi, city.Lo, city.Hi)
	}
	if _, err := plant("", "province", "980000", "new-province"); err != nil {
		t.Error(err)
	}
	for name, try := range map[string]func() (tenants.Tenant, error){
		"twice":            func() (tenants.Tenant, error) { return plant(city.Slug, "county", "990153", "new-one") },
		"below a county":   func() (tenants.Tenant, error) { return plant(first.Slug, "county", "990154", "new-three") },
		"a city in a city": func() (tenants.Tenant, error) { return plant(city.Slug, "city", "990155", "new-four") },
		"a county on top":  func() (tenants.Tenant, error) { return plant("", "county", "990156", "new-five") },
		"below nothing":    func() (tenants.Tenant, error) { return plant("nowhere", "county", "990157", "new-six") },
		"an unknown level": func() (tenants.Tenant, error) { return plant(city.Slug, "town", "990158", "new-seven") },
	} {
		if got, err := try(); inspection.KindOf(err) == inspection.Internal {
			t.Errorf("%s = %v, %v; want a failure that says why", name, got, err)
		}
	}
	if _, err := tenants.Plant(t.Context(), h.Pool, city.Slug, tenants.Tenant{Level: "county"}); err == nil {
		t.Error("the application opened an office")
	}
}
