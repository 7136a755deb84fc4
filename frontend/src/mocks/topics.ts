// What people write to a shop for kitchenware: subject, first mail, answer, second mail.
export const TOPICS: [string, string, string, string][] = [
  [
    'Pakket nog niet ontvangen',
    'Goedemiddag,\n\nIk heb vorige week een braadpan besteld (bestelling VK-20481), maar hij is er nog niet. Volgens Track & Trace ligt hij al drie dagen in het sorteercentrum in Zwolle.\n\nKunt u nagaan waar hij is?\n\nMet vriendelijke groet,\nMarieke',
    'Beste klant,\n\nDank voor uw bericht. We hebben een zoekopdracht uitgezet bij de vervoerder. Is het pakket er vrijdag niet, dan sturen we een nieuwe pan.\n\nMet vriendelijke groet,',
    'Dat is fijn, dank u wel! Ik houd de brievenbus in de gaten.',
  ],
  [
    'Lieferung beschädigt',
    'Guten Tag,\n\nleider ist der Deckel des Schmortopfs beim Transport zerbrochen. Fotos habe ich angehängt. Bekomme ich Ersatz, oder soll ich alles zurückschicken?\n\nViele Grüße\nThomas Keller',
    'Guten Tag,\n\ndas tut uns leid. Ein neuer Deckel geht heute noch an Sie heraus; den kaputten können Sie entsorgen.\n\nViele Grüße',
    'Vielen Dank für die schnelle Hilfe!',
  ],
  [
    'Can I still change my delivery address?',
    'Hi there,\n\nI ordered two knives yesterday and only just noticed that I used my old address. Could you send them to 14 Alder Lane instead?\n\nThanks,\nEmma',
    'Hi Emma,\n\nYou were just in time: the parcel now goes to Alder Lane.\n\nKind regards,',
    'Brilliant, thank you so much.',
  ],
  [
    'Factuur op naam van ons bedrijf',
    'Beste,\n\nKunnen jullie de factuur van bestelling VK-20377 op naam van Café De Linde zetten? Ons btw-nummer is NL0012.34.567.B01.\n\nGroet, Bas',
    'Dag Bas,\n\nDe nieuwe factuur zit in de bijlage.\n\nGroet,',
    'Top, bedankt!',
  ],
  [
    'Rücksendung: Etikett fehlt',
    'Hallo,\n\nin meinem Paket lag kein Rücksendeetikett. Wie bekomme ich eins?\n\nSophie Brandt',
    'Hallo,\n\ndas Etikett finden Sie im Anhang.\n\nViele Grüße',
    'Danke, ist angekommen.',
  ],
  [
    'Wholesale prices for a small restaurant',
    'Hello,\n\nWe run a restaurant with 40 seats and would like to replace all of our pans before spring. Do you offer wholesale prices, and what are your lead times for about 60 pieces?\n\nBest,\nOliver Grant\nNorth Mill',
    'Hello Oliver,\n\nWe do. I will send you our list tomorrow.\n\nBest,',
    'Looking forward to it.',
  ],
  [
    'Handvat zit los na een maand',
    'Hallo, het handvat van mijn koekenpan zit na een maand al los. Valt dit onder de garantie?',
    'Hallo, dat valt zeker onder de garantie. Welke kleur had u?',
    'De donkerblauwe, 28 cm.',
  ],
  [
    'Is die Pfanne für Induktion geeignet?',
    'Guten Tag, ist die Schmiedeeisenpfanne auch für Induktion geeignet? Auf der Seite steht dazu nichts.',
    'Guten Tag, ja, sie ist für alle Herdarten geeignet.',
    'Prima, dann bestelle ich sie.',
  ],
  [
    'Cadeaubon werkt niet bij het afrekenen',
    'Dag, ik krijg de melding dat mijn cadeaubon verlopen is, terwijl er op staat dat hij tot volgend jaar geldig is. De code is al twee keer gecontroleerd.',
    'Dag, de bon is weer actief. Excuses voor het ongemak.',
    'Het is gelukt, dank!',
  ],
  [
    'Refund has not arrived yet',
    'Hello, I returned a saucepan three weeks ago and have not seen the refund yet. Could you look into this?',
    'Hello, we refunded it on Monday; banks take up to five days.',
    'It arrived this morning. Thanks!',
  ],
]
