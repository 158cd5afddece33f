package topevent

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestRankingIsAStableSort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 200).Draw(t, "n")
		scale := rapid.SampledFrom([]float64{1, 0.01, 3}).Draw(t, "scale") // crowded, and beyond the last unit
		r := newRanking(n)
		for range 2 {
			position := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 {
				return scale * float64(rapid.IntRange(0, 4*n).Draw(t, "quarter")) / 4
			}), n, n).Draw(t, "position")
			want := make([]int32, n)
			for i := range want {
				want[i] = int32(i)
			}
			slices.SortStableFunc(want, func(x, y int32) int { return cmp.Compare(position[x], position[y]) })
			if got := r.of(position); !slices.Equal(got, want) {
				t.Fatalf("%v is ranked %v, not %v", position, got, want)
			}
		}
	})
}
