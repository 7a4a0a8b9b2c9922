package opinions

import "testing"

func TestLeavesOut(t *testing.T) {
	t.Parallel()
	const said = "张三说，公示栏没更新，打13000000000问过。"
	for shown, want := range map[string]bool{
		said: true,
		"***说，公示栏没更新，打***问过。":    true,
		"***公示栏没更新***":           true,
		"***":                    true,
		"公示栏没更新":                 false, // a part left out without saying so
		"***公示栏没更新":              false,
		"公示栏没更新***":              false,
		"***公示栏更新***":            false, // other words
		"***问过***公示栏***":         false, // another order
		"张三说，***公示栏没更新***公示栏***": false, // said once
		"": false,
	} {
		if got := leavesOut(said, shown); got != want {
			t.Errorf("%q shows %q: %t, want %t", said, shown, got, want)
		}
	}
	if got := proposed(said); got != "张三说，公示栏没更新，打***问过。" {
		t.Errorf("proposed %q", got)
	}
}
