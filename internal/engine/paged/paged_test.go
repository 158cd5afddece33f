package paged

import (
	"testing"

	"pgregory.net/rapid"
)

// Arrays derived from one another behave as copies of a table would.
func TestArraysBehaveAsCopies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		arrays := []*Array[int]{{}}
		tables := []map[int32]int{{}}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			i := rapid.IntRange(0, len(arrays)-1).Draw(t, "which")
			if rapid.IntRange(0, 3).Draw(t, "share") == 0 {
				a := arrays[i].Share()
				m := map[int32]int{}
				for k, v := range tables[i] {
					m[k] = v
				}
				arrays, tables = append(arrays, &a), append(tables, m)
				continue
			}
			n, v := rapid.Int32Range(0, 300).Draw(t, "number"), rapid.IntRange(0, 9).Draw(t, "value")
			arrays[i].Put(n, v)
			tables[i][n] = v
		}
		for i, a := range arrays {
			for n := range int32(400) {
				if a.At(n) != tables[i][n] {
					t.Fatalf("array %d holds %d for %d, not %d", i, a.At(n), n, tables[i][n])
				}
			}
			sum, want := 0, 0
			a.Each(func(_ int32, v int) { sum += v })
			for _, v := range tables[i] {
				want += v
			}
			if sum != want {
				t.Fatalf("array %d visits %d in all, not %d", i, sum, want)
			}
		}
	})
}
