import type { LetterText } from './text';

export const pt: LetterText = {
  lang: 'pt-BR',
  name: 'Português',
  title: 'Cadastro para a comunicação entre a escola e a família',
  to: (child) => `Aos pais ou responsáveis de ${child}`,
  lead: 'Pelo celular ou computador, você pode avisar a escola quando seu filho ou sua filha for faltar, chegar atrasado ou sair mais cedo, e ler os avisos da escola. Faça o cadastro você mesmo, seguindo os passos abaixo. Leva cerca de 5 minutos.',
  code: 'Código de cadastro',
  until: (day) => `Válido até ${day}`,
  steps: [
    'Leia o código QR com a câmera do celular. Se não conseguir, abra {url} no navegador e digite o código de cadastro.',
    'Confira o nome da escola e o nome da criança.',
    'Digite seu e-mail e, em seguida, o número de 6 dígitos que será enviado a ele. Se não usa e-mail, escolha “メールを使わずに進む” (Continuar sem e-mail).',
    'Digite seu nome e escolha uma senha. Pronto!',
  ],
  notes: [
    'Se você já se cadastrou (por exemplo, para um irmão ou uma irmã), não se cadastre de novo. Escolha “すでに登録している方” (Já tenho cadastro) e entre; esta criança será adicionada.',
    'Depois de se cadastrar, você pode convidar o outro responsável pela sua própria tela. Se não conseguir, fale com a escola.',
    'Este código é só para esta criança e pode ser usado uma única vez. Não o mostre a outras pessoas. Se o perder, avise a escola imediatamente.',
  ],
  contact: 'Dúvidas? Ligue para a escola',
};
