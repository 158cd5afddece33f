package api

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// rgb is a colour with channels from 0 to 255.
type rgb [3]uint8

// brandDefault is the colour of an organisation that states none.
var brandDefault = rgb{0x14, 0x52, 0x6b}

// The surfaces that text stands on, as in the style sheet.
var (
	lightSurface = rgb{0xff, 0xff, 0xff}
	lightSunken  = rgb{0xf4, 0xf6, 0xf7}
	darkSurface  = rgb{0x1b, 0x23, 0x29}
	darkSunken   = rgb{0x11, 0x17, 0x1b}
)

// enough is the contrast that WCAG 2.2 asks of text (1.4.3, level AA).
const enough = 4.5

// parseColor reads #rgb and #rrggbb.
func parseColor(s string) (rgb, bool) {
	s, found := strings.CutPrefix(strings.TrimSpace(s), "#")
	if len(s) == 3 {
		s = string([]byte{s[0], s[0], s[1], s[1], s[2], s[2]})
	}
	v, err := strconv.ParseUint(s, 16, 32)
	if !found || len(s) != 6 || err != nil {
		return rgb{}, false
	}
	return rgb{uint8(v >> 16), uint8(v >> 8), uint8(v)}, true
}

func (c rgb) String() string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }

// luminance is relative luminance as WCAG 2.2 defines it.
func (c rgb) luminance() float64 {
	var l [3]float64
	for i, v := range c {
		x := float64(v) / 255
		if x <= 0.04045 {
			l[i] = x / 12.92
		} else {
			l[i] = math.Pow((x+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
}

// contrast is the contrast ratio of two colours, 1 to 21.
func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func (c rgb) mix(o rgb, share float64) rgb {
	var out rgb
	for i := range c {
		out[i] = uint8(math.Round(float64(c[i])*(1-share) + float64(o[i])*share))
	}
	return out
}

// readable moves a colour towards another until it can be read on all surfaces.
func (c rgb) readable(towards rgb, surfaces ...rgb) rgb {
	for share := 0.0; share <= 1; share += 0.05 {
		x := c.mix(towards, share)
		ok := true
		for _, s := range surfaces {
			ok = ok && contrast(x, s) >= enough
		}
		if ok {
			return x
		}
	}
	return towards
}

// ink is what reads well on a colour: white, nearly black, or black. Where white
// falls short of 4.5 to 1, black exceeds it, as the two ratios multiply to 21.
func (c rgb) ink() rgb {
	for _, x := range []rgb{{0xff, 0xff, 0xff}, {0x10, 0x16, 0x1a}} {
		if contrast(c, x) >= enough {
			return x
		}
	}
	return rgb{}
}

// themeOf derives the colours of the catalogue from the organisation's.
func themeOf(color string) template.CSS {
	brand, ok := parseColor(color)
	if !ok {
		brand = brandDefault
	}
	light := brand.readable(rgb{}, lightSurface, lightSunken, lightSurface.mix(brand, 0.1))
	dark := brand.readable(rgb{255, 255, 255}, darkSurface, darkSunken, darkSurface.mix(brand, 0.25))
	return template.CSS(fmt.Sprintf(":root{--brand:%s;--on-brand:%s;--accent:%s;--accent-soft:%s}@media (prefers-color-scheme:dark){:root{--accent:%s;--accent-soft:%s}}",
		brand, brand.ink(), light, lightSurface.mix(brand, 0.1), dark, darkSurface.mix(brand, 0.25)))
}
