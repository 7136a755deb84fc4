//! What customers wrote in English, from several countries.

use super::Program::{AppleMail, Gmail, Outlook, Phone, Thunderbird};
use super::{DAY, HOUR, Story, story, told};
use crate::cli::corpus::encode::Charset;
use crate::cli::corpus::files::{csv, pdf, photo};

pub(super) fn stories() -> Vec<Story> {
    let mut all = sales();
    all.extend(service());
    all
}

fn sales() -> Vec<Story> {
    vec![
        story("Emma Whitfield", "emma.whitfield@mail.example.com",
            "Do you ship the Stad 7 to the UK?", Gmail, vec![
            told(DAY + 9 * HOUR, "Hi there,\n\nI fell in love with the Stad 7 on a weekend in Utrecht. Do you ship to the UK, and what would it cost including duties? I live in Leeds.\n\nAlso: is the medium right for someone who is 1.68 m?\n\nThanks!\nEmma"),
            told(6 * HOUR, "That's cheaper than I feared. I'd like to go ahead with the green one, medium. Can you send me a payment link?\n\nEmma")
                .after("Hello Emma,\n\nWe do. Shipping is 89 euros; duties are paid on delivery and come to about 14 %. Medium fits from 1.64 to 1.76 m.\n\nKind regards,\nSanne\nDe Ketting"),
        ]),
        story("Łukasz Wiśniewski", "lukasz.wisniewski@poczta.example.net",
            "Question about spare key", Thunderbird, vec![
            told(2 * DAY + HOUR, "Good afternoon,\n\nI bought a used Stad 5 with your lock, and the seller (Mr. Zając from Łódź) has only one key. The number on the key is 4471. Can I order a second one from you? I can send a proof of purchase.\n\nBest regards,\nŁukasz Wiśniewski\nKraków"),
        ]).in_charset(Charset::Latin2),
        story("Olivia Brandt", "o.brandt@hotel.example.org",
            "Quote for 20 rental bikes", Outlook, vec![
            told(3 * DAY, "Dear Sir or Madam,\n\nOur hotel would like to offer bicycles to guests from next season. Could you send us a quote for twenty bikes with a three-year service contract? The sizes that we expect are in the attached list.\n\nWe would need them by the end of March.\n\nKind regards,\n\nOlivia Brandt\nGuest Relations")
                .with(csv("sizes.csv", &["size,count", "S,4", "M,9", "L,6", "child,1"])),
            told(DAY + 2 * HOUR, "Dear Milan,\n\nThank you for the quote, which looks good. Two questions from our owner:\n\n1. Can the bikes carry our logo?\n2. Is theft covered by the contract?\n\nKind regards,\nOlivia Brandt")
                .after("Dear Ms Brandt,\n\nPlease find our quote below: 20 bikes at 640 euros and 1,150 euros a year for service.\n\nKind regards,\nMilan\nDe Ketting"),
            told(55, "Dear Milan,\n\nThen we have a deal. The signed order is attached.\n\nOlivia")
                .after("Dear Ms Brandt,\n\n1. Yes, on the chain guard and at no cost.\n2. It is, with two of our locks.\n\nMilan\nDe Ketting")
                .with(pdf("Signed order.pdf", &["Order of 20 bicycles", "Twenty bicycles Stad 7, sizes as listed", "Service contract: three years", "Signed: O. Brandt"])),
        ]),
        story("Daniel Okafor", "daniel@okafor.example.com",
            "Student discount?", Phone, vec![
            told(8 * HOUR, "Hey, do you guys have a student discount on refurbished bikes? Budget is 250 max. Cheers"),
        ]),
        story("佐藤 健", "k.sato@denshi.example.net",
            "チェーンガード (chain guard)", Thunderbird, vec![
            told(4 * DAY + 5 * HOUR, "Dear De Ketting,\n\n先月そちらで購入した自転車のチェーンガードが輸送中に割れてしまいました。\n\n(My chain guard broke on its way to Japan. Could you please send me a new one? My order number is 19870.)\n\nよろしくお願いいたします。\n佐藤 健"),
        ]).in_charset(Charset::Japanese),
    ]
}

fn service() -> Vec<Story> {
    vec![
        story("Priya Raman", "priya.raman@mail.example.com",
            "Display shows error 14 after the update", AppleMail, vec![
            told(13 * HOUR, "Hello,\n\nSince last night's update the display of my Stad 8 E shows \"error 14\" as soon as I switch on the light. Without the light, everything works. Photo below.\n\nIs there a way back to the old version?\n\nPriya")
                .showing(photo("display.png", 11)),
            told(2 * HOUR, "That fixed it, thank you so much! For others with the same problem: the button has to be held for a full ten seconds, not five as the manual says.\n\nPriya")
                .after("Hi Priya,\n\nPlease hold the light button and plus for ten seconds; that resets the controller.\n\nMilan\nDe Ketting"),
        ]),
        story("Hugh Pemberton", "hugh.pemberton@post.example.net",
            "Warranty claim KT-0993", Outlook, vec![
            told(8 * DAY, "Dear De Ketting,\n\nThe rear hub of my bicycle (frame KT-0993, bought two years ago) has failed on a holiday in Brittany. A local mechanic replaced it; his invoice of €212.40 is attached. As the hub is within its five-year warranty, I ask you to reimburse me.\n\nYours faithfully,\nHugh Pemberton")
                .with(pdf("Facture atelier.pdf", &["Atelier du Port", "Remplacement du moyeu arriere", "Pieces: 148,00", "Main-d'oeuvre: 64,40", "Total: 212,40 EUR"])),
            told(5 * DAY, "Dear Sanne,\n\nThe old hub is in the post. I must say that I find it odd to be asked for a part that is plainly described on the invoice.\n\nHugh Pemberton")
                .after("Dear Mr Pemberton,\n\nI am sorry to hear that. Our supplier asks for the broken hub; could you send it to us? We pay the postage.\n\nSanne\nDe Ketting"),
            told(70, "Dear Sanne,\n\nIt has been five days. May I ask where matters stand?\n\nHugh Pemberton"),
        ]).in_charset(Charset::Windows),
        story("Grace Adeyemi", "grace.adeyemi@mail.example.com",
            "Please delete my account", Gmail, vec![
            told(15 * HOUR, "Hello,\n\nI have sold my bike and would like you to delete my account and everything that you hold about me, please. Could you confirm when that is done?\n\nThank you,\nGrace Adeyemi"),
        ]),
        story("Niamh Byrne", "niamh.byrne@post.example.net",
            "Thank you!", Gmail, vec![
            told(6 * DAY + 2 * HOUR, "No question this time. I only wanted to say that Milan stayed an hour longer on Saturday to get my daughter's bike ready for her birthday. She has not stopped smiling since.\n\nBest wishes from the whole family,\nNiamh"),
        ]),
        story("Tomás Oliveira", "tomas.oliveira@correio.example.org",
            "Invoice 2210 paid twice", Gmail, vec![
            told(21 * HOUR, "Good evening,\n\nMy bank shows two payments for invoice 2210 (€ 38,00 each). The statement is attached. Could you return one of them?\n\nObrigado,\nTomás Oliveira")
                .with(csv("extrato.csv", &["date;description;amount", "2026-02-02;DE KETTING 2210;-38,00", "2026-02-03;DE KETTING 2210;-38,00"])),
        ]),
        story("Ben Carter", "ben.carter@mail.example.com",
            "Re-order: same tyres as last year", Phone, vec![
            told(3 * DAY + 7 * HOUR, "Hi, could I get the same two tyres that I ordered last May? I can't find the order any more. Ben Carter, Norwich"),
        ]),
    ]
}
