//! What Dutch customers wrote.

use super::Program::{AppleMail, Gmail, Outlook, Phone, Thunderbird};
use super::{DAY, HOUR, Story, story, told};
use crate::cli::corpus::encode::Charset;
use crate::cli::corpus::files::{csv, pdf, photo};

pub(super) fn stories() -> Vec<Story> {
    let mut all = orders();
    all.extend(repairs());
    all.extend(others());
    all
}

fn orders() -> Vec<Story> {
    vec![
        story("Annelies de Groot", "annelies.degroot@mail.example.org",
            "Bestelling 20418 nog niet ontvangen", Gmail, vec![
            told(2 * DAY + 3 * HOUR, "Goedemorgen,\n\nVorige week dinsdag heb ik bij jullie een kinderzitje besteld (bestelling 20418). Volgens de mail zou het pakket vrijdag komen, maar ik heb nog niets gezien en de track & trace zegt al vier dagen 'onderweg'.\n\nKunnen jullie nagaan waar het is? We gaan zaterdag met vakantie en het zitje moet mee.\n\nGroeten,\nAnnelies de Groot"),
            told(5 * HOUR, "Dank voor het snelle antwoord. Net de bezorger gesproken: hij heeft geen pakket op mijn naam. Wat nu? Ik kan het ook in de winkel komen ophalen als er nog een op voorraad is.\n\nAnnelies")
                .after("Dag Annelies,\n\nHet pakket is vanochtend op het depot in Amersfoort gescand. Het wordt morgen tussen 10 en 12 uur bezorgd.\n\nMet vriendelijke groet,\nSanne\nDe Ketting"),
        ]),
        story("Bram Willemsen", "bram.willemsen@post.example.net",
            "Verkeerde maat binnenband", AppleMail, vec![
            told(DAY + 4 * HOUR, "Hallo,\n\nIk heb 28 inch binnenbanden besteld, maar in de doos zaten twee van 26 inch. Zie foto. Graag omruilen, liefst zonder dat ik eerst moet terugsturen want ik sta nu stil.\n\nBram")
                .showing(photo("band.png", 7)),
            told(40, "Top, bedankt! De nieuwe banden zijn er. De verkeerde neem ik zaterdag mee naar de winkel.")
                .after("Dag Bram,\n\nExcuses, dat hadden we moeten zien. De goede banden gaan vandaag nog de deur uit. Neem de verkeerde gerust een keer mee.\n\nSanne\nDe Ketting"),
        ]),
        story("Fatima el Idrissi", "f.elidrissi@kantoor.example.com",
            "Factuur op bedrijfsnaam", Outlook, vec![
            told(DAY + 20, "Beste,\n\nGraag ontvang ik de factuur van onze twaalf bedrijfsfietsen op naam van het bedrijf in plaats van op mijn eigen naam. Onze gegevens staan in de bijlage; het btw-nummer hebben wij toegevoegd.\n\nVoor de administratie hebben wij dit vóór het einde van de maand nodig.\n\nMet vriendelijke groet,\n\nFatima el Idrissi\nFacilitaire zaken\nKantoor Noord B.V.")
                .with(pdf("Bedrijfsgegevens Kantoor Noord.pdf", &["Kantoor Noord B.V.", "Voorbeeldstraat 12", "1234 AB Voorbeeldstad", "KvK 00000000", "Ter attentie van: Facilitaire zaken"]))
                .with(csv("fietsen.csv", &["framenummer;model;berijder", "KT-2201;Stad 7;J. Vos", "KT-2202;Stad 7;M. Bakker", "KT-2203;Stad 8 E;R. Smit"])),
        ]),
        story("Jeroen Bakker", "jeroen@bakker.example.org",
            "Annuleren bestelling 20455", Phone, vec![
            told(9 * HOUR, "Hoi, ik heb net per ongeluk twee keer dezelfde helm besteld. 20455 mag weg, 20454 wil ik houden. Alvast bedankt"),
            told(95, "Ik zie dat er toch twee keer € 64,95 is afgeschreven. Klopt dat?")
                .after("Dag Jeroen,\n\nBestelling 20455 is geannuleerd, 20454 gaat vandaag weg.\n\nMilan\nDe Ketting"),
        ]),
        story("Mevr. C. van der Velde", "c.vandervelde@mail.example.org",
            "Terugbetaling retour 8831", Outlook, vec![
            told(6 * DAY, "Geachte heer/mevrouw,\n\nOp 3 september heb ik de regenbroek teruggestuurd (retour 8831). Het bedrag van € 49,50 is nog niet op mijn rekening bijgeschreven. Wilt u dit nakijken?\n\nHoogachtend,\nC. van der Velde"),
            told(3 * DAY + 2 * HOUR, "Geachte mevrouw,\n\nDe bijschrijving heb ik vandaag ontvangen. Hartelijk dank voor de moeite.\n\nC. van der Velde")
                .after("Geachte mevrouw Van der Velde,\n\nDe terugbetaling is vanmiddag verstuurd; reken op twee werkdagen.\n\nMilan\nDe Ketting"),
        ]).in_charset(Charset::Latin9),
    ]
}

fn repairs() -> Vec<Story> {
    vec![
        story("Pieter Jansma", "pjansma@mail.example.org",
            "Krakend geluid bij trappen", Gmail, vec![
            told(30 * HOUR, "Beste fietsenmakers,\n\nMijn Stad 8 E (gekocht in april) kraakt sinds een week bij elke trapbeweging, vooral bergop en met ondersteuning op stand 3. Ik heb de pedalen al aangedraaid en de ketting gesmeerd.\n\nValt dit onder garantie? En hoe lang ben ik hem kwijt? Ik woon in Zwolle en fiets elke dag 14 km naar mijn werk.\n\nGroet, Pieter"),
            told(26 * HOUR, "Even een aanvulling: het framenummer is KT-1187 en de kilometerstand 1.930."),
        ]),
        story("Sofie Claes", "sofie.claes@post.example.net",
            "Accu laadt maar tot 60 %", AppleMail, vec![
            told(3 * DAY + 5 * HOUR, "Dag,\n\nDe accu van mijn elektrische fiets laadt niet verder dan 60 %. Op het scherm staat foutcode E-21. Ik heb hem een nacht aan de lader gelaten, zonder verschil.\n\nIn bijlage de foto van het scherm en mijn aankoopbewijs.\n\nSofie Claes\nGent")
                .with(photo("scherm.png", 3))
                .with(pdf("aankoopbewijs.pdf", &["De Ketting", "Aankoopbewijs 17-0342", "Stad 8 E, accu 500 Wh", "Datum: 14 maart", "Betaald: 2.349,00 EUR"])),
            told(2 * DAY + 6 * HOUR, "Met de andere lader gaat het ook maar tot 61 %. Moet ik de fiets opsturen of kan ik enkel de accu brengen?")
                .after("Dag Sofie,\n\nE-21 wijst op een cel die niet meedoet. Kunt u het met een andere lader proberen, bijvoorbeeld bij een buur met dezelfde fiets?\n\nMilan\nDe Ketting"),
            told(3 * HOUR, "Dank u. Ik kom zaterdag rond 11 uur langs met de accu.\n\nSofie")
                .after("Dag Sofie,\n\nAlleen de accu is genoeg. Hij valt onder de garantie; u krijgt een leenaccu mee.\n\nMilan\nDe Ketting"),
        ]),
        story("Kees Hoekstra", "khoekstra@mail.example.org",
            "afspraak onderhoudsbeurt", Phone, vec![
            told(50 * HOUR, "Kan ik volgende week donderdag mijn fiets brengen voor een beurt? Na 17 uur kan ik niet. Kees"),
        ]),
        story("Thomas Müller-van Dijk", "tmvd@werk.example.com",
            "Rem loopt aan na reparatie", Thunderbird, vec![
            told(7 * HOUR, "Hallo,\n\nGisteren heb ik mijn fiets opgehaald na het vervangen van de remblokken. De voorrem loopt nu aan: het wiel draait nog geen halve slag. Ik heb er een filmpje van, maar dat is te groot om te mailen.\n\nWanneer kan ik even langskomen? Het lijkt me een kwestie van afstellen.\n\nMet vriendelijke groet,\nThomas Müller-van Dijk\n\n-- \nWerkplaats Oost · Voorbeeldkade 3"),
        ]),
    ]
}

fn others() -> Vec<Story> {
    vec![
        story("Iris Vermeulen", "iris.vermeulen@mail.example.org",
            "Zijn jullie open met Koningsdag?", Gmail, vec![
            told(20, "Hoi! Ik kan het niet vinden op de site: zijn jullie open met Koningsdag? En zo ja, tot hoe laat?\n\nGroetjes, Iris"),
        ]),
        story("Secretariaat Basisschool De Wilg", "secretariaat@dewilg.example.org",
            "Sponsoring fietsexamen groep 7", Outlook, vec![
            told(4 * DAY, "Beste ondernemer,\n\nOp 12 juni doen 54 leerlingen van onze school praktisch verkeersexamen. Elk jaar zoeken we een winkel die vooraf de fietsen keurt. Zou De Ketting dit jaar willen helpen? Het gaat om een ochtend, op ons schoolplein.\n\nVanzelfsprekend noemen we u in de nieuwsbrief aan alle ouders.\n\nMet hartelijke groet,\nNamens het team,\nRia Postma")
                .with(pdf("Programma verkeersexamen.pdf", &["Praktisch verkeersexamen", "08.30 Keuring van de fietsen", "10.00 Start eerste leerling", "12.15 Uitreiking diploma's"])),
        ]),
        story("Marloes Prins", "marloes.prins@post.example.net",
            "Klacht over bezorging", AppleMail, vec![
            told(11 * HOUR, "Goedenavond,\n\nIk ben erg teleurgesteld. Mijn nieuwe fiets van € 1.899 is vanmiddag in de stromende regen tegen de gevel gezet, terwijl ik had gevraagd om bezorging na 18 uur. De doos was doorweekt en er zit een kras op het frame (zie foto).\n\nIk wil graag weten hoe jullie dit gaan oplossen.\n\nMarloes Prins")
                .showing(photo("kras.png", 19)),
        ]),
        story("Rob Timmermans", "rob.timmermans@mail.example.org",
            "Adreswijziging", Phone, vec![
            told(5 * DAY + 3 * HOUR, "Vanaf 1 oktober wonen wij op Voorbeeldlaan 8 in Voorbeeldstad. Willen jullie dat aanpassen voor de garantie van beide fietsen?"),
        ]),
    ]
}
