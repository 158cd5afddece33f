package model

// Outage is an interruption that happened.
type Outage struct {
	Start       Instant   `json:"start,omitempty,omitzero" mat:"y" req:"y" l:"Start|Début"`
	End         Instant   `json:"end,omitempty,omitzero" mat:"y" l:"End|Fin"`
	Cause       Ref       `json:"cause,omitempty,omitzero" ref:"component,site,tool,supplier,service,person,team" flow:"both" edge:"record" l:"Cause|Cause"`
	Hits        []Ref     `json:"hits,omitempty,omitzero" ref:"service" flow:"both" l:"Services hit|Services touchés" h:"Where nothing is named, those that the design says fall with the cause.|Si rien n'est nommé, ceux qui selon la conception tombent avec la cause."`
	Spared      []Ref     `json:"spared,omitempty,omitzero" ref:"service" flow:"both" l:"Services spared|Services épargnés" h:"Services that the design says fall with the cause, but did not.|Services qui selon la conception tombent avec la cause, mais ne sont pas tombés."`
	Controlled  bool      `json:"controlled,omitempty,omitzero" l:"Controlled (planned)|Maîtrisée (planifiée)"`
	Maintenance Ref       `json:"maintenance,omitempty,omitzero" ref:"maintenance" l:"Maintenance|Maintenance"`
	Plan        Ref       `json:"plan,omitempty,omitzero" ref:"recovery-plan" l:"Plan that covered it|Plan qui l'a couverte"`
	Review      Ref       `json:"review,omitempty,omitzero" ref:"review" l:"Review|Revue"`
	Log         []LogLine `json:"log,omitempty,omitzero" l:"Crisis log|Main courante" h:"What was seen, decided and done, as it happened. Lines are added, never changed or taken away.|Ce qui a été constaté, décidé et fait, au fil de l'eau. Les lignes s'ajoutent ; elles ne se modifient ni ne s'effacent."`
}

// Maintenance is planned work on something.
type Maintenance struct {
	On        []Ref   `json:"on,omitempty,omitzero" ref:"component,site,tool,service" flow:"both" mat:"y" req:"y" l:"On|Sur"`
	Start     Instant `json:"start,omitempty,omitzero" mat:"y" req:"y" l:"Start|Début"`
	End       Instant `json:"end,omitempty,omitzero" mat:"y" l:"End|Fin"`
	Announced Date    `json:"announced,omitempty,omitzero" mat:"y" l:"Announced on|Annoncée le"`
	Stops     bool    `json:"stops,omitempty,omitzero" mat:"y" l:"Stops what it works on|Arrête ce sur quoi elle porte"`
	Change    bool    `json:"change,omitempty,omitzero" mat:"y" l:"Changes the service|Modifie le service"`
	WayBack   WayBack `json:"wayBack,omitempty,omitzero" mat:"y" l:"Way back|Retour arrière"`
}

// WayBack is how a change is undone, and whether that was tried.
type WayBack struct {
	Text     Text `json:"text,omitempty,omitzero" l:"How|Comment"`
	TestedOn Date `json:"testedOn,omitempty,omitzero" l:"Tested on|Éprouvé le"`
}

// CaseFigures are measured or declared figures for a target over a period.
type CaseFigures struct {
	Of             Ref           `json:"of,omitempty,omitzero" ref:"agreement,contract" flow:"both" mat:"y" req:"y" l:"Agreement or contract|Accord ou contrat"`
	Target         string        `json:"target,omitempty,omitzero" mat:"y" req:"y" l:"Target|Objectif"`
	Service        Ref           `json:"service,omitempty,omitzero" ref:"service,component" flow:"both" l:"Service|Service"`
	From           Date          `json:"from,omitempty,omitzero" mat:"y" l:"From|Du"`
	Until          Date          `json:"until,omitempty,omitzero" mat:"y" l:"Until|Au"`
	Attained       *Availability `json:"attained,omitempty,omitzero" mat:"y" l:"Attained|Atteint" h:"Availability, or share of cases within the time.|Disponibilité, ou part des cas dans le délai."`
	Value          *Quantity     `json:"value,omitempty,omitzero" l:"Value|Valeur"`
	Cases          int           `json:"cases,omitempty,omitzero" l:"Number of cases|Nombre de dossiers"`
	Declared       bool          `json:"declared,omitempty,omitzero" l:"Declared by hand|Déclaré à la main"`
	Source         Ref           `json:"source,omitempty,omitzero" ref:"measurement-source,tool,document" l:"Source|Source"`
	Sealed         string        `json:"sealed,omitempty,omitzero" l:"Sealed statement|Relevé scellé" h:"Hash of the statement that these figures were taken from.|Empreinte du relevé dont ces chiffres sont tirés."`
	CreditsClaimed Date          `json:"creditsClaimed,omitempty,omitzero" l:"Credits claimed on|Avoirs réclamés le"`
}

// Demand is how much of a service is asked for, now and in future.
type Demand struct {
	Service   Ref           `json:"service,omitempty,omitzero" ref:"service,component" flow:"both" mat:"y" req:"y" l:"Service|Service"`
	Activity  Ref           `json:"activity,omitempty,omitzero" ref:"business-activity" flow:"both" mat:"y" l:"Business activity|Activité métier"`
	Resource  string        `json:"resource,omitempty,omitzero" mat:"y" l:"Resource|Ressource" h:"The name of the capacity it uses.|Le nom de la capacité utilisée."`
	PerDriver *Quantity     `json:"perDriver,omitempty,omitzero" l:"Per unit of driver|Par unité d'inducteur"`
	Current   *Quantity     `json:"current,omitempty,omitzero" mat:"y" l:"Now|Aujourd'hui"`
	Peak      *Quantity     `json:"peak,omitempty,omitzero" mat:"y" l:"At peak|En pointe"`
	On        Date          `json:"on,omitempty,omitzero" l:"Measured on|Mesurée le"`
	Growth    *Percent      `json:"growth,omitempty,omitzero" mat:"y" l:"Growth a year|Croissance annuelle"`
	Spread    *Percent      `json:"spread,omitempty,omitzero" l:"Uncertainty of the growth|Incertitude sur la croissance" h:"Half width: 5 % means growth ± 5 points a year.|Demi-largeur : 5 % signifie croissance ± 5 points par an."`
	Forecast  []DemandPoint `json:"forecast,omitempty,omitzero" mat:"y" l:"Forecast|Prévision"`
}

// DemandPoint is a forecast demand on a date.
type DemandPoint struct {
	On    Date     `json:"on,omitempty,omitzero" l:"On|Le"`
	Value Quantity `json:"value,omitzero" l:"Value|Valeur"`
}

// MeasurementSource is where measures come from. What it says of one of the things it
// measures, minute by minute, is a series of evidence; several promises may rest on one.
type MeasurementSource struct {
	Type      string     `json:"type,omitempty,omitzero" enum:"prometheus=Prometheus|Prometheus;probe=Probe|Sonde;tickets=Ticket tool|Outil de tickets;declared=Declared by hand|Déclaration manuelle;other=Other|Autre" l:"Type|Type"`
	Tool      Ref        `json:"tool,omitempty,omitzero" ref:"tool" l:"Tool|Outil"`
	URL       string     `json:"url,omitempty,omitzero" l:"Address|Adresse"`
	Query     string     `json:"query,omitempty,omitzero" l:"Query|Requête" h:"PromQL. $service is replaced by the name of what is measured, $window by the length of a slice, such as 1m.|PromQL. $service est remplacé par le nom de ce qui est mesuré, $window par la longueur d'une tranche, telle que 1m."`
	Indicator *Indicator `json:"indicator,omitempty,omitzero" mat:"y" l:"Indicator|Indicateur" h:"When a minute is good. Without it, the answer of the query is good from 1.|Quand une minute est bonne. Sans lui, la réponse à la requête est bonne à partir de 1."`
	Probe     *Probe     `json:"probe,omitempty,omitzero" mat:"y" l:"Probe|Sonde" h:"What Diapason itself asks at regular intervals.|Ce que Diapason interroge lui-même à intervalles réguliers."`
	Of        []Ref      `json:"of,omitempty,omitzero" ref:"service,component" flow:"both" l:"Measures|Mesure"`
}

// Indicator says when a slice of time is good: from counts of events (good and total,
// or bad and total), or by comparing the answer of the source's query with a threshold.
type Indicator struct {
	Good       string    `json:"good,omitempty,omitzero" mat:"y" l:"Good events|Bons événements" h:"PromQL giving the number of good events in a slice, such as sum(increase(requests_total{code!~\"5..\"}[$window])).|PromQL donnant le nombre de bons événements d'une tranche, par exemple sum(increase(requests_total{code!~\"5..\"}[$window]))."`
	Bad        string    `json:"bad,omitempty,omitzero" mat:"y" l:"Bad events|Mauvais événements" h:"In place of good events.|À la place des bons événements."`
	Total      string    `json:"total,omitempty,omitzero" mat:"y" l:"All events|Tous les événements"`
	Comparison string    `json:"comparison,omitempty,omitzero" mat:"y" enum:"gte=At least|Au moins;gt=More than|Plus de;lte=At most|Au plus;lt=Less than|Moins de" l:"Good when the answer is|Bon lorsque la réponse est"`
	Threshold  *Quantity `json:"threshold,omitempty,omitzero" mat:"y" l:"Threshold|Seuil"`
}

// Probe is a question asked at regular intervals from where Diapason runs.
type Probe struct {
	Type     string   `json:"type,omitempty,omitzero" mat:"y" req:"y" enum:"http=HTTP|HTTP;tcp=TCP|TCP;icmp=ICMP (ping)|ICMP (ping);dns=DNS|DNS;grpc=gRPC health|Santé gRPC;tls=TLS certificate|Certificat TLS" l:"Type|Type"`
	Target   string   `json:"target,omitempty,omitzero" mat:"y" req:"y" l:"Target|Cible" h:"An address for HTTP; host:port for TCP, gRPC and TLS; a host for ICMP; for DNS the server.|Une adresse pour HTTP ; hôte:port pour TCP, gRPC et TLS ; un hôte pour ICMP ; le serveur pour DNS."`
	Interval Duration `json:"interval,omitempty,omitzero" mat:"y" l:"Every|Toutes les" h:"30 seconds when empty.|30 secondes si vide."`
	Timeout  Duration `json:"timeout,omitempty,omitzero" mat:"y" l:"Give up after|Abandon après" h:"10 seconds when empty, never more than the interval.|10 secondes si vide, jamais plus que l'intervalle."`
	Status   string   `json:"status,omitempty,omitzero" mat:"y" l:"Expected status codes|Codes de retour attendus" h:"Such as 200,204; any 2xx when empty.|Par exemple 200,204 ; tout code 2xx si vide."`
	Contains string   `json:"contains,omitempty,omitzero" mat:"y" l:"Answer contains|La réponse contient" h:"A regular expression (RE2).|Une expression rationnelle (RE2)."`
	Name     string   `json:"name,omitempty,omitzero" mat:"y" l:"Name asked for|Nom demandé" h:"The name to resolve for DNS; the service to ask for with gRPC.|Le nom à résoudre pour DNS ; le service interrogé pour gRPC."`
	Record   string   `json:"record,omitempty,omitzero" mat:"y" enum:"A=A|A;AAAA=AAAA|AAAA;CNAME=CNAME|CNAME;MX=MX|MX;NS=NS|NS;SOA=SOA|SOA;SRV=SRV|SRV;TXT=TXT|TXT" l:"DNS record|Enregistrement DNS"`
	Secure   bool     `json:"secure,omitempty,omitzero" mat:"y" l:"Over TLS|Par TLS" h:"For TCP and gRPC.|Pour TCP et gRPC."`
	Expires  Duration `json:"expires,omitempty,omitzero" mat:"y" l:"Certificate valid for at least|Certificat valable encore au moins" h:"A TLS certificate that expires sooner makes the probe fail.|Un certificat TLS qui expire plus tôt fait échouer la sonde."`
}

// Waiver is a signed, dated acceptance of one finding with its causes.
type Waiver struct {
	Rule    string `json:"rule,omitempty,omitzero" mat:"y" req:"y" l:"Rule|Règle"`
	Subject Ref    `json:"subject,omitempty,omitzero" ref:"*" flow:"both" mat:"y" req:"y" l:"Subject|Objet"`
	Causes  []Ref  `json:"causes,omitempty,omitzero" ref:"*" mat:"y" l:"Causes and what is hit|Causes et ce qui est touché" h:"What brings the finding about and what it hits, as accepted: whatever comes in addition shows in spite of the waiver.|Ce qui provoque le constat et ce qu'il touche, tel qu'accepté : ce qui s'y ajoute apparaît malgré la dérogation."`
	Reason  Text   `json:"reason,omitempty,omitzero" mat:"y" l:"Reason|Motif"`
	Author  Ref    `json:"author,omitempty,omitzero" ref:"person" l:"Asked by|Demandée par"`
	Granted Ref    `json:"granted,omitempty,omitzero" ref:"person" l:"Granted by|Accordée par"`
	From    Date   `json:"from,omitempty,omitzero" l:"From|À partir du"`
	Until   Date   `json:"until,omitempty,omitzero" mat:"y" req:"y" l:"Until|Jusqu'au"`
}

// Decision is a decision on a service: submission, publication, refusal, gate.
type Decision struct {
	Type    string  `json:"type,omitempty,omitzero" enum:"submission=Submission|Soumission;publication=Publication|Publication;refusal=Refusal|Refus;gate=Gate passed|Jalon franchi;withdrawal=Withdrawal|Retrait du catalogue" l:"Type|Type"`
	Service Ref     `json:"service,omitempty,omitzero" ref:"service" flow:"both" l:"Service|Service"`
	Stage   Stage   `json:"stage,omitempty,omitzero" l:"Stage|Étape"`
	By      Ref     `json:"by,omitempty,omitzero" ref:"person" l:"By|Par"`
	Account string  `json:"account,omitempty,omitzero" l:"Account|Compte"`
	At      Instant `json:"at,omitempty,omitzero" l:"At|Le"`
	Reason  Text    `json:"reason,omitempty,omitzero" l:"Reason|Motif"`
	Answers string  `json:"answers,omitempty,omitzero" l:"Answers the submission|Répond à la soumission"`
	Pins    []Pin   `json:"pins,omitempty,omitzero" l:"Versions decided on|Versions arrêtées"`
}

// Pin is an object as it was when something was decided: the sequence number of
// its last change and the SHA-256 of its material fields.
type Pin struct {
	Object   Ref    `json:"object,omitempty,omitzero" ref:"*" l:"Object|Objet"`
	Version  int64  `json:"version,omitempty,omitzero" l:"Version|Version"`
	Material string `json:"material,omitempty,omitzero" l:"Material hash|Empreinte"`
}
